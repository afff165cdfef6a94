import { MemoryBudget } from "../../core/process/log/memory-budget.ts";
import { SpillStore } from "../../core/process/log/spill-store.ts";
import { goingAway } from "../../core/protocol/going-away.ts";
import { ClientConnection, type ServerContext } from "../../core/server/client-connection.ts";
import { environmentInfo } from "../../core/server/environment-info.ts";
import type { Session } from "../../core/session/session.ts";
import { SessionRegistry } from "../../core/session/session-registry.ts";
import type { Connection } from "../../core/transport/connection.ts";
import { LivenessMonitor } from "../../core/transport/liveness.ts";
import { websocketHandler } from "../../core/transport/websocket-handler.ts";
import type { Network } from "./network.ts";
import type { ScriptedSpawner } from "./scripted-process.ts";
import { ServerSocket } from "./server-socket.ts";

/** Changes a message that the client sent before the server sees it; a test's way to break the server. */
export type Tamper = (text: string) => string;

const account = { shell: "/bin/sh", home: "/home/simulated" };
const info = environmentInfo({
  account,
  environment: {},
  cwd: "/",
  version: "0.0.0",
  machineId: "simulated",
});

/**
 * The server's own sessions, connections, logs and liveness, over the simulated network and with scripted processes.
 * What is missing of the real one is Bun's listener and the guardian.
 */
export class SimulatedServer {
  readonly internalErrors: string[] = [];
  readonly #network: Network;
  readonly #spawner: ScriptedSpawner;
  readonly #options: { readonly ttlSeconds: number; readonly tamper?: Tamper };
  #registry: SessionRegistry | undefined;
  #clients = new Set<ClientConnection>();
  #peers = 0;

  constructor(
    network: Network,
    spawner: ScriptedSpawner,
    options: { readonly ttlSeconds: number; readonly tamper?: Tamper },
  ) {
    this.#network = network;
    this.#spawner = spawner;
    this.#options = options;
  }

  get sessions(): readonly Session[] {
    return this.#registry === undefined ? [] : [...this.#registry.sessions()];
  }

  get registry(): SessionRegistry | undefined {
    return this.#registry;
  }

  start(): void {
    const { ttlSeconds } = this.#options;
    const budget = new MemoryBudget(new SpillStore());
    const registry = new SessionRegistry({ spawner: this.#spawner, budget, ttlSeconds });
    this.#registry = registry;
    const liveness = new LivenessMonitor();
    const handler = websocketHandler((connection) => this.#accept(connection, registry), liveness);
    this.#network.listener = (wire) => new ServerSocket(wire, { handler, peer: `peer ${this.#peers++}` });
  }

  /** It ends: its processes with it. `told`: attached clients hear why. */
  stop(told: boolean): void {
    const { sessions } = this;
    this.#network.listener = undefined;
    if (told) for (const client of this.#clients) client.close(goingAway.code, goingAway.reason);
    for (const session of sessions) void this.#registry?.end(session);
    this.#registry = undefined;
  }

  #accept(connection: Connection, registry: SessionRegistry): ClientConnection {
    const context: ServerContext = {
      registry,
      host: { environment: [], loginShell: account.shell },
      info: () => info,
      mechanism: async () => ({ kind: "none", reason: "simulated" }),
      onInternalError: (error) => this.internalErrors.push(String(error)),
    };
    const client = new ClientConnection(connection, context);
    const { tamper } = this.#options;
    if (tamper !== undefined) {
      const message = client.message.bind(client);
      client.message = (text) => message(tamper(text));
    }
    this.#clients.add(client);
    return client;
  }
}
