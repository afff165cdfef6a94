import type { Chance } from "./chance.ts";
import { type ClientHandlers, type Cut, Link } from "./link.ts";
import type { ServerSocket, Wire } from "./server-socket.ts";
import type { VirtualClock } from "./virtual-clock.ts";

export interface NetworkOptions {
  readonly clock: VirtualClock;
  readonly chance: Chance;
  /** The usual way from one end to the other, ms. */
  readonly latencyMs: number;
  /** Bytes that a direction of a link takes at a time. */
  readonly capacity: number;
}

/** Who takes a connection; undefined: nobody listens. */
type Listener = ((wire: Wire) => ServerSocket) | undefined;

/** What a dial meets. */
type Weather = "fair" | "refuses" | "swallows" | "delays";

/** The one way between client and server: links come up late, in any order or never, and break as they are told. */
export class Network {
  listener: Listener;
  weather: Weather = "fair";
  readonly #options: NetworkOptions;
  readonly #links = new Set<Link>();
  dials = 0;

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  /** Connections of which at least one end is there. */
  get open(): number {
    return this.#links.size;
  }

  /** In the place of `Bun.connect`. */
  readonly connect = async (options: unknown): Promise<unknown> => {
    // Sound: dialWebSocket is the only caller, and these are its handlers.
    const { socket } = options as { readonly socket: ClientHandlers };
    this.dials += 1;
    const { clock, chance } = this.#options;
    switch (this.weather) {
      case "refuses":
        clock.set(() => this.#refuse(socket), this.#latency());
        return undefined;
      case "swallows":
        return undefined;
      case "delays":
        clock.set(() => this.#establish(socket), chance.whole(1, 25_000));
        return undefined;
      case "fair":
        clock.set(() => this.#establish(socket), this.#latency() * 2);
        return undefined;
    }
  };

  /** Breaks every link that is there. */
  cut(how: () => Cut): void {
    for (const link of [...this.#links]) link.cut(how());
  }

  #establish(handlers: ClientHandlers): void {
    const { listener } = this;
    if (listener === undefined) return this.#refuse(handlers);
    const { clock, chance, capacity } = this.#options;
    const link = new Link({
      clock,
      chance,
      capacity,
      latencyMs: () => this.#latency(),
      handlers,
      accept: listener,
      over: (ended) => this.#links.delete(ended),
    });
    this.#links.add(link);
    link.open();
  }

  #refuse(handlers: ClientHandlers): void {
    handlers.connectError(
      { write: () => -1, pause() {}, resume() {}, end() {}, terminate() {} },
      Object.assign(new Error("refused"), { code: "ECONNREFUSED" }),
    );
  }

  #latency(): number {
    const { chance, latencyMs } = this.#options;
    return chance.oneIn(20) ? latencyMs * chance.whole(2, 12) : latencyMs * (0.5 + chance.next());
  }
}
