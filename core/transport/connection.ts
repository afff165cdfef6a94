/**
 * A two-way stream of JSON-RPC messages with backpressure. A transport (websocket, Unix socket, stdio)
 * makes one per peer and hands it to an {@link Acceptor}; nothing above this file knows what carries it.
 */
export interface Connection {
  /** What carries it; parse errors name it the way the reference does. */
  readonly transport: "websocket" | "stdio";
  /** The peer's address (`127.0.0.1:5123`, `unix`, `stdio`). Holds no secret. */
  readonly peer: string;
  /** Queues one whole message. Nothing is dropped while the connection is open; after the end it is ignored. */
  send(text: string): void;
  /** Bytes that {@link send} has taken and the kernel has not. */
  readonly buffered: number;
  /** Ends the connection after what was sent; `code` and `reason` travel in the close frame where there is one. */
  close(code: number, reason: string): void;
}

/** What a connection tells its owner. Calls never overlap, and none comes after `closed`. */
export interface ConnectionEvents {
  message(text: string): void;
  /** A whole message that is not UTF-8 text has come; the connection goes on. `reason` is worded like a parse error. */
  malformed?(reason: string): void;
  /** `buffered` has fallen below the low-water mark after having been above the high-water mark. */
  drained(): void;
  /** Exactly once, whoever ended it, and never from within another call. `reason` is for the log and holds no secret. */
  closed(reason?: string): void;
}

/** Takes a new connection and says who listens to it. */
export type Acceptor = (connection: Connection) => ConnectionEvents;
