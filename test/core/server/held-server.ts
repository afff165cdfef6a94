import { MemoryBudget } from "../../../core/process/log/memory-budget.ts";
import { SpillStore } from "../../../core/process/log/spill-store.ts";
import { ClientConnection } from "../../../core/server/client-connection.ts";
import { environmentInfo } from "../../../core/server/environment-info.ts";
import { SessionRegistry } from "../../../core/session/session-registry.ts";
import type { DialedConnection } from "../../../core/transport/dialed-connection.ts";
import { connectInMemory } from "../../../core/transport/memory-connection.ts";
import { readMessage, type WireMessage, type WireResult } from "../../support/wire-message.ts";
import { HeldSpawner, settled } from "../process/held-process.ts";

/** The server's own code over connections in memory, with processes that do what the test says. */
export class HeldServer implements Disposable {
  readonly spawner = new HeldSpawner();
  readonly spill = new SpillStore();
  readonly budget = new MemoryBudget(this.spill);
  readonly registry = new SessionRegistry({ spawner: this.spawner, budget: this.budget, ttlSeconds: 60 });
  readonly internalErrors: unknown[] = [];

  connect(): HeldClient {
    return new HeldClient((events) =>
      connectInMemory(
        (connection) =>
          new ClientConnection(connection, {
            registry: this.registry,
            host: { environment: [], loginShell: "/bin/sh" },
            info: () =>
              environmentInfo({
                account: { shell: "/bin/sh", home: "/" },
                environment: {},
                cwd: "/",
                version: "0.0.0",
                machineId: "m",
              }),
            mechanism: async () => ({ kind: "none", reason: "not asked for here" }),
            onInternalError: (error) => this.internalErrors.push(error),
          }),
        () => events,
      ),
    );
  }

  /** A client that has shaken hands. */
  async client(resumeSessionId?: string): Promise<HeldClient> {
    const client = this.connect();
    const { sessionId } = await client.request("initialize", { clientName: "t", resumeSessionId });
    client.sessionId = sessionId;
    client.send({ method: "initialized" });
    return client;
  }

  [Symbol.dispose](): void {
    this.spill[Symbol.dispose]();
  }
}

type Dial = (events: { message(text: string): void; drained(): void; closed(): void }) => DialedConnection;

/** Keeps everything that comes, in order. */
export class HeldClient {
  readonly inbound: WireMessage[] = [];
  readonly connection: DialedConnection;
  sessionId = "";
  closed = false;
  #nextId = 1;
  readonly #waiting = new Map<number, (message: WireMessage) => void>();

  constructor(dial: Dial) {
    this.connection = dial({
      message: (text) => this.#receive(readMessage(text)),
      drained: () => {},
      closed: () => {
        this.closed = true;
      },
    });
  }

  send(message: object): void {
    this.connection.send(JSON.stringify(message));
  }

  /** The whole reply; an error is a reply too. */
  call(method: string, params: object = {}): Promise<WireMessage> {
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.send({ id, method, params });
    });
  }

  async request(method: string, params: object = {}): Promise<WireResult> {
    const reply = await this.call(method, params);
    if (reply.result === undefined) throw new Error(`${method}: ${JSON.stringify(reply.error)}`);
    return reply.result;
  }

  start(processId: string, more: object = {}): Promise<WireMessage> {
    return this.call("process/start", {
      processId,
      argv: ["true"],
      cwd: "file:///",
      env: {},
      tty: false,
      ...more,
    });
  }

  /** What has come, in short: `start`-like replies by id, notifications by method and seq. */
  get history(): string[] {
    return this.inbound.map((message) =>
      message.method === undefined
        ? `${message.error === undefined ? "result" : "error"} ${message.id}`
        : `${message.method} ${message.params?.seq ?? ""}`,
    );
  }

  async cut(): Promise<void> {
    this.connection.close(1000, "cut");
    await settled();
  }

  #receive(message: WireMessage): void {
    this.inbound.push(message);
    if (message.method === undefined && typeof message.id === "number") {
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
    }
  }
}
