import type { Connection } from "./connection.ts";

/** Why a connection is over, in words for people. */
export interface ConnectionEnd {
  /** Websocket close code, 1006 where nothing was said. */
  readonly code: number;
  readonly reason: string;
}

/** A connection that we opened. It can be told to hold back its peer. */
export interface DialedConnection extends Connection {
  /** Stops reading: the peer's sends back up into its own buffers. Messages already taken in may still come. */
  pause(): void;
  resume(): void;
  /** Known from `closed` on. */
  readonly end: ConnectionEnd | undefined;
  /** Resolves when nothing of a connection that is over is left; absent where its end leaves nothing behind. */
  readonly gone?: Promise<void>;
}

/** Nothing answered at the address, or what answered is no exec-server. `retry` says whether it may be different later. */
export class DialError extends Error {
  override readonly name = "DialError";
  readonly retry: boolean;
  constructor(message: string, options: ErrorOptions & { readonly retry: boolean }) {
    super(message, options);
    this.retry = options.retry;
  }
}
