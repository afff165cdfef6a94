import type { SandboxedRequestsOptions } from "../filesystem/sandboxed/sandboxed-requests.ts";
import { machineId } from "../host/machine-id.ts";
import { limits } from "../limits.ts";
import { createLateSpawner } from "../process/local/late-spawner.ts";
import { MemoryBudget } from "../process/log/memory-budget.ts";
import { SpillStore } from "../process/log/spill-store.ts";
import { goingAway } from "../protocol/going-away.ts";
import { SessionRegistry } from "../session/session-registry.ts";
import type { Acceptor } from "../transport/connection.ts";
import { ClientConnection } from "./client-connection.ts";
import { environmentInfo } from "./environment-info.ts";
import { hostAccount } from "./host-account.ts";
import { hostMechanism } from "./host-mechanism.ts";

/** Parts of {@link limits.shutdownDeadlineMs}: for every tree to end, and for attached clients to hear of it. */
const KILL_MS = limits.shutdownDeadlineMs / 5;
const REPORT_MS = limits.shutdownDeadlineMs / 5;

export interface ExecServerOptions {
  /** codex-env's own version. */
  readonly version: string;
  /** How long a session without a connection lives, s. */
  readonly sessionTtlSeconds?: number;
  /** What children inherit where a request's envPolicy says so. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The server's own directory; nothing is run in it unless a request names it. */
  readonly cwd: string;
  /** An error that is ours and not a client's. */
  readonly onInternalError?: (error: unknown, method: string) => void;
}

export interface ExecServer {
  /** Takes a connection from any transport. */
  readonly accept: Acceptor;
  /** Ends every tree, lets attached clients hear of it, closes every connection. Resolves when nothing is left. */
  shutdown(): Promise<void>;
}

/** An exec-server without a listener: whoever has a connection hands it to `accept`. */
export async function createExecServer(options: ExecServerOptions): Promise<ExecServer> {
  const machine = machineId();
  const spawner = createLateSpawner();
  const spill = new SpillStore();
  const registry = new SessionRegistry({
    spawner,
    budget: new MemoryBudget(spill),
    ttlSeconds: options.sessionTtlSeconds ?? limits.sessionTtlSeconds,
  });
  const account = hostAccount();
  const { environment, cwd, version } = options;
  const inherited = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const clients = new Set<ClientConnection>();
  const info = environmentInfo({ account, environment, cwd, version, machineId: await machine });
  let sandboxed: Promise<SandboxedRequestsOptions> | undefined;
  /** Its code is loaded with the first sandboxed request. */
  const filesystemSandbox = (): Promise<SandboxedRequestsOptions> => {
    sandboxed ??= import("./filesystem-sandbox.ts").then((loaded) =>
      loaded.filesystemSandbox({
        spawner,
        mechanism: hostMechanism,
        temporaryDirectory: environment["TMPDIR"],
        home: account.home,
      }),
    );
    return sandboxed;
  };
  const context = {
    registry,
    host: { environment: inherited, loginShell: account.shell },
    info: () => info,
    mechanism: hostMechanism,
    filesystemSandbox,
    onInternalError: options.onInternalError ?? (() => {}),
  };
  let stopping = false;

  const accept: Acceptor = (connection) => {
    const client = new ClientConnection(connection, context);
    if (stopping) connection.close(goingAway.code, goingAway.reason);
    clients.add(client);
    return {
      message: (text) => client.message(text),
      malformed: (reason) => client.malformed(reason),
      drained: () => client.drained(),
      closed: () => {
        clients.delete(client);
        client.closed();
      },
    };
  };

  /** One part of the shutdown: takes no longer than `ms`, and whatever becomes of it the next part follows. */
  const part = async (ms: number, done: Promise<unknown>): Promise<void> => {
    const failed = done.catch((error: unknown) => context.onInternalError(error, "shutdown"));
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    await Promise.race([promise, failed]);
    clearTimeout(timer);
  };

  const stop = async (): Promise<void> => {
    stopping = true;
    const sessions = [...registry.sessions()];
    await part(KILL_MS, Promise.all(sessions.map((session) => session.processes.killAll())));
    await part(REPORT_MS, Promise.all(sessions.map((session) => session.processes.allClosed())));
    for (const client of clients) client.close(goingAway.code, goingAway.reason);
    await part(KILL_MS, Promise.all(sessions.map((session) => registry.end(session))));
    await part(KILL_MS, Promise.resolve(spawner[Symbol.asyncDispose]()));
    spill[Symbol.dispose]();
  };

  let stopped: Promise<void> | undefined;
  const shutdown = (): Promise<void> => {
    stopped ??= stop();
    return stopped;
  };

  return { accept, shutdown };
}
