import type { ByteSocket } from "../../core/transport/ws-client-connection.ts";
import type { Chance } from "./chance.ts";
import { Pipe } from "./pipe.ts";
import type { ServerSocket, Wire } from "./server-socket.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** The handlers that the client gave to its connect. */
export interface ClientHandlers {
  open(socket: ByteSocket): void;
  data(socket: ByteSocket, bytes: Uint8Array): void;
  drain(): void;
  end(): void;
  close(): void;
  connectError(socket: ByteSocket, error: Error): void;
}

export interface LinkOptions {
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly capacity: number;
  readonly latencyMs: () => number;
  readonly handlers: ClientHandlers;
  readonly accept: (wire: Wire) => ServerSocket;
  readonly over: (link: Link) => void;
}

/** What becomes of a link: how long until each end hears of it, ms; never: only its own watch tells. */
export interface Cut {
  readonly clientHearsMs: number | undefined;
  readonly serverHearsMs: number | undefined;
}

/** One TCP connection: two pipes, and what each end is told about it. */
export class Link {
  readonly #options: LinkOptions;
  readonly #up: Pipe;
  readonly #down: Pipe;
  readonly #server: ServerSocket;
  readonly #socket: ByteSocket;
  #clientOver = false;
  #serverOver = false;

  constructor(options: LinkOptions) {
    const { clock, chance, capacity, latencyMs, handlers } = options;
    this.#options = options;
    const shared = { clock, chance, capacity, latencyMs };
    this.#up = new Pipe({
      ...shared,
      received: (bytes) => this.#server.received(bytes),
      drained: () => !this.#clientOver && handlers.drain(),
    });
    this.#down = new Pipe({
      ...shared,
      received: (bytes) => !this.#clientOver && handlers.data(this.#socket, bytes),
      drained: () => this.#server.drained(),
    });
    this.#server = options.accept({
      write: (bytes) => this.#down.write(bytes),
      finish: () => this.#serverEnds(),
    });
    this.#socket = {
      write: (bytes) => (this.#clientOver ? -1 : this.#up.write(bytes)),
      pause: () => this.#down.pause(),
      resume: () => this.#down.resume(),
      end: () => this.#clientEnds(),
      terminate: () => this.#clientEnds(),
    };
  }

  /** The client's end is there. */
  open(): void {
    this.#options.handlers.open(this.#socket);
  }

  /** Nothing is carried any more, from any byte on. */
  cut({ clientHearsMs, serverHearsMs }: Cut): void {
    const { clock, chance } = this.#options;
    this.#up.cut(chance.whole(0, this.#up.onTheWay));
    this.#down.cut(chance.whole(0, this.#down.onTheWay));
    if (clientHearsMs !== undefined) clock.set(() => this.#tellClient("close"), clientHearsMs);
    if (serverHearsMs !== undefined) clock.set(() => this.#tellServer(), serverHearsMs);
  }

  #serverEnds(): void {
    if (this.#serverOver) return;
    this.#serverOver = true;
    this.#up.end();
    this.#down.finish(() => this.#tellClient("end"));
    this.#settle();
  }

  #clientEnds(): void {
    if (this.#clientOver) return;
    this.#clientOver = true;
    this.#down.end();
    this.#options.clock.set(() => this.#options.handlers.close(), 0);
    this.#up.finish(() => this.#tellServer());
    this.#settle();
  }

  #tellClient(how: "close" | "end"): void {
    if (this.#clientOver) return;
    this.#clientOver = true;
    this.#down.end();
    if (how === "end") this.#options.handlers.end();
    this.#options.handlers.close();
    this.#settle();
  }

  #tellServer(): void {
    if (this.#serverOver) return;
    this.#serverOver = true;
    this.#up.end();
    this.#server.broken();
    this.#settle();
  }

  #settle(): void {
    if (this.#clientOver && this.#serverOver) this.#options.over(this);
  }
}
