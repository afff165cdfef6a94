import { connectClient, type ExecClient } from "../client/connect-client.ts";
import { type EnvironmentInfo, environmentMethods } from "../client/environment-info.ts";
import { withoutOwnSecrets } from "../client/without-own-secrets.ts";
import type { FileSystem } from "../filesystem/file-system.ts";
import { LocalFileSystem } from "../filesystem/local/local-file-system.ts";
import type { ProcessBackend } from "../process/process-backend.ts";
import type { ExecServer } from "../server/exec-server.ts";
import { localId } from "./definition.ts";
import type { Environment } from "./environment.ts";
import type { EnvironmentState } from "./environment-state.ts";
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
export class LocalEnvironment implements Environment {
  readonly kind = "local";
  readonly id = localId;
  readonly label = "this machine";
  readonly capabilities = { execEnabled: true, filesystemEnabled: true };
  readonly processes: ProcessBackend;
  readonly files: FileSystem = new LocalFileSystem();
  readonly http = null;
  readonly #options: LocalEnvironmentOptions;
  readonly #session: SharedSession;
  #server: ExecServer | undefined;

  constructor(options: LocalEnvironmentOptions) {
    this.#options = options;
    this.#session = new SharedSession({ id: localId, retries: false, open: (events) => this.#open(events) });
    this.processes = new SessionProcesses(this.#session);
  }

  get state(): EnvironmentState {
    return this.#session.state;
  }

  nextState(): Promise<EnvironmentState> {
    return this.#session.nextState();
  }

  info(): Promise<EnvironmentInfo> {
    return this.#session.use((client) => client.info);
  }

  askInfo(): Promise<EnvironmentInfo> {
    return this.#session.use(({ calls }) => calls.call(environmentMethods.info, {}));
  }

  async close(): Promise<void> {
    await this.#session.close();
    await this.#server?.shutdown();
  }

  async #open(events: SessionEvents): Promise<ExecClient> {
    const { clientName, version, variables, cwd } = this.#options;
    const { createExecServer } = await import("../server/exec-server.ts");
    const environment = withoutOwnSecrets(variables);
    this.#server ??= await createExecServer({ version, environment, cwd });
    return await connectClient({ kind: "memory", accept: this.#server.accept }, { clientName, ...events });
  }
}
