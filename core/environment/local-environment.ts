import { connectClient, type ExecClient } from "../client/connect-client.ts";
import { withoutOwnSecrets } from "../client/without-own-secrets.ts";
import type { FileSystem } from "../filesystem/file-system.ts";
import { LocalFileSystem } from "../filesystem/local/local-file-system.ts";
import type { ProcessBackend } from "../process/process-backend.ts";
import type { ExecServer } from "../server/exec-server.ts";
import { localId } from "./definition.ts";
import type { Environment } from "./environment.ts";
import { EnvironmentUnavailableError } from "./environment-errors.ts";
import { refusingFiles } from "./restrict.ts";
import { SessionEnvironment } from "./session-environment.ts";
import { SessionProcesses } from "./session-processes.ts";
import { type SessionEvents, SharedSession } from "./shared-session.ts";

export interface LocalEnvironmentOptions {
  readonly clientName: string;
  /** codex-env's own version. */
  readonly version: string;
  /** What commands inherit. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** This machine: its files directly, its commands in a server of our own that starts with the first of them. */
export class LocalEnvironment extends SessionEnvironment implements Environment {
  readonly kind = "local";
  readonly id = localId;
  readonly label = "this machine";
  readonly capabilities = { execEnabled: true, filesystemEnabled: true };
  readonly processes: ProcessBackend;
  readonly http = null;
  readonly #files = new LocalFileSystem();
  readonly #server: OwnServer;

  constructor(options: LocalEnvironmentOptions) {
    const server = new OwnServer(options);
    super(new SharedSession({ id: localId, retries: false, open: (events) => server.connect(events) }));
    this.#server = server;
    this.processes = new SessionProcesses(this.session);
  }

  get files(): FileSystem {
    if (this.state.kind !== "closed") return this.#files;
    return refusingFiles(() => new EnvironmentUnavailableError(localId, "it was closed"));
  }

  override async close(): Promise<void> {
    await super.close();
    await this.#server.shutdown();
  }
}

/** The server in this process, from the first connection on. */
class OwnServer {
  readonly #options: LocalEnvironmentOptions;
  #server: ExecServer | undefined;

  constructor(options: LocalEnvironmentOptions) {
    this.#options = options;
  }

  async shutdown(): Promise<void> {
    await this.#server?.shutdown();
  }

  async connect(events: SessionEvents): Promise<ExecClient> {
    const { clientName, version, variables, cwd } = this.#options;
    const { createExecServer } = await import("../server/exec-server.ts");
    const environment = withoutOwnSecrets(variables);
    this.#server ??= await createExecServer({ version, environment, cwd });
    return await connectClient({ kind: "memory", accept: this.#server.accept }, { clientName, ...events });
  }
}
