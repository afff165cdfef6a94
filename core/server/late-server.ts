import type { Acceptor, Connection, ConnectionEvents } from "../transport/connection.ts";
import type { ExecServer } from "./exec-server.ts";

/** A server that takes connections before its code is there; what they say meanwhile waits, in order. */
export interface LateServer extends ExecServer {
  /** Loads the server, once. Rejects when it cannot be made. */
  load(): Promise<void>;
}

/**
 * Puts the loading of a server behind its start: it listens at once and is whole a few milliseconds later.
 * `make` is called by `load`, or by `shutdown` when connections wait.
 */
export function lateServer(make: () => Promise<ExecServer>): LateServer {
  let server: ExecServer | undefined;
  let making: Promise<ExecServer> | undefined;
  const waiting = new Set<WaitingPeer>();

  const load = async (): Promise<void> => {
    making ??= make();
    server = await making;
    for (const peer of waiting) peer.join(server.accept);
    waiting.clear();
  };

  return {
    load,
    accept: (connection) => {
      if (server !== undefined) return server.accept(connection);
      const peer = new WaitingPeer(connection);
      waiting.add(peer);
      return peer;
    },
    shutdown: async () => {
      if (making === undefined && waiting.size === 0) return;
      await load();
      await server?.shutdown();
    },
  };
}

/** Keeps what one connection tells until somebody listens, and then passes it on. */
class WaitingPeer implements ConnectionEvents {
  readonly #connection: Connection;
  #missed: ((events: ConnectionEvents) => void)[] = [];
  #events: ConnectionEvents | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  join(accept: Acceptor): void {
    const events = accept(this.#connection);
    this.#events = events;
    for (const tell of this.#missed) tell(events);
    this.#missed = [];
  }

  message(text: string): void {
    this.#tell((events) => events.message(text));
  }

  malformed(reason: string): void {
    this.#tell((events) => {
      if (events.malformed) events.malformed(reason);
      else this.#connection.close(1007, reason);
    });
  }

  drained(): void {
    this.#tell((events) => events.drained());
  }

  closed(reason?: string): void {
    this.#tell((events) => events.closed(reason));
  }

  #tell(tell: (events: ConnectionEvents) => void): void {
    if (this.#events === undefined) this.#missed.push(tell);
    else tell(this.#events);
  }
}
