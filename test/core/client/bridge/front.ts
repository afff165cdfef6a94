import { Bridge } from "../../../../core/client/bridge/bridge.ts";
import { parseTarget } from "../../../../core/client/target.ts";
import type { DialedConnection } from "../../../../core/transport/dialed-connection.ts";
import { connectInMemory } from "../../../../core/transport/memory-connection.ts";

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string };
}

/** The client in front of a bridge: everything that it is told, in order. */
export class Front implements Disposable {
  readonly told: Message[] = [];
  readonly states: string[] = [];
  readonly bridge: Bridge;
  readonly #connection: DialedConnection;
  readonly #watchers = new Set<() => void>();

  constructor(url: string) {
    let bridge: Bridge | undefined;
    const accept = (connection: ConstructorParameters<typeof Bridge>[0]) => {
      bridge = new Bridge(connection, {
        target: parseTarget(url),
        resume: true,
        onState: ({ kind }) => this.#add(() => this.states.push(kind)),
        onNoise() {},
        onFailure() {},
      });
      return bridge;
    };
    this.#connection = connectInMemory(accept, () => ({
      message: (text) => this.#add(() => this.told.push(JSON.parse(text))),
      drained() {},
      closed() {},
    }));
    if (bridge === undefined) throw new Error("nobody accepted");
    this.bridge = bridge;
  }

  send(message: object): void {
    this.#connection.send(JSON.stringify(message));
  }

  /** The first message of which this is so. */
  async first(isIt: (message: Message) => boolean): Promise<Message> {
    await this.when(() => this.told.some(isIt));
    return this.told.find(isIt) ?? {};
  }

  async when(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) await new Promise<void>((resolve) => this.#watchers.add(resolve));
  }

  async initialize(): Promise<void> {
    this.send({ id: 0, method: "initialize", params: { clientName: "front", resumeSessionId: null } });
    await this.first(({ id }) => id === 0);
    this.send({ method: "initialized", params: {} });
  }

  /** Stops and starts reading what it is told. */
  read(reads: boolean): void {
    if (reads) this.#connection.resume();
    else this.#connection.pause();
  }

  [Symbol.dispose](): void {
    this.#connection.close(1000, "done");
  }

  #add(note: () => unknown): void {
    note();
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    for (const watcher of watchers) watcher();
  }
}
