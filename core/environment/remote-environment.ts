import { type ClientOptions, connectClient } from "../client/connect-client.ts";
import type { FileSystem } from "../filesystem/file-system.ts";
import type { ProcessBackend } from "../process/process-backend.ts";
import type { EnvironmentDefinition } from "./definition.ts";
import type { Environment } from "./environment.ts";
import type { EnvironmentCapabilities } from "./environment-capabilities.ts";
import { labelOf } from "./label-of.ts";
import { restrictFiles, restrictProcesses } from "./restrict.ts";
import { SessionEnvironment } from "./session-environment.ts";
import { SessionFileSystem } from "./session-file-system.ts";
import { SessionProcesses } from "./session-processes.ts";
import { SharedSession } from "./shared-session.ts";
import { targetOf } from "./target-of.ts";

export interface RemoteEnvironmentOptions {
  /** How we introduce ourselves to its server. */
  readonly clientName: string;
  readonly heard?: ClientOptions["onNoise"];
}

/** An environment behind a server or a program. */
export class RemoteEnvironment extends SessionEnvironment implements Environment {
  readonly kind = "remote";
  readonly id: string;
  readonly label: string;
  readonly capabilities: EnvironmentCapabilities;
  readonly processes: ProcessBackend;
  readonly files: FileSystem;
  readonly http = null;
  readonly definition: EnvironmentDefinition;

  constructor(definition: EnvironmentDefinition, { clientName, heard }: RemoteEnvironmentOptions) {
    const { id, transport, reconnect } = definition;
    const session = new SharedSession({
      id,
      // A program that fails is started again at the next use, not behind the user's back.
      retries: transport.kind === "websocket" && reconnect.enabled,
      ...(heard === undefined ? {} : { heard }),
      open: async (events) =>
        await connectClient(targetOf(transport), {
          clientName,
          resume: reconnect.enabled,
          ...(reconnect.sessionTtlSeconds === undefined
            ? {}
            : { sessionTtlSeconds: reconnect.sessionTtlSeconds }),
          deadlines: {
            ...(transport.kind === "websocket" ? { dialMs: transport.connectTimeoutMs } : {}),
            initializeMs: definition.initializeTimeoutMs,
          },
          ...events,
        }),
    });
    super(session);
    this.id = id;
    this.definition = definition;
    this.label = labelOf(definition);
    this.capabilities = definition.capabilities;
    this.processes = restrictProcesses(new SessionProcesses(session), this);
    this.files = restrictFiles(new SessionFileSystem(session), this);
  }
}
