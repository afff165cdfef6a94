import { limits } from "../limits.ts";
import type { Connection, ConnectionEvents } from "./connection.ts";

/** The part of Bun's ServerWebSocket that a connection uses. */
export interface WebSocketEnd {
  send(text: string): number;
  ping(): number;
  close(code?: number, reason?: string): void;
  getBufferedAmount(): number;
}

/** What Bun keeps for us on each websocket: filled at the upgrade, and with the connection when it opens. */
export interface WebSocketData {
  readonly peer: string;
  connection?: WebSocketConnection;
}

/** One websocket of the server as a {@link Connection}. Bun's handler calls the `on…` methods. */
export class WebSocketConnection implements Connection {
  readonly transport = "websocket";
  readonly peer: string;
  readonly #socket: WebSocketEnd;
  #events: ConnectionEvents | undefined;
  #open = true;
  #aboveHighWater = false;
  /** What is left to say once all that was sent before has gone out. */
  #farewell: { readonly code: number; readonly reason: string } | undefined;

  constructor(socket: WebSocketEnd, peer: string) {
    this.#socket = socket;
    this.peer = peer;
  }

  get buffered(): number {
    if (!this.#open) return 0;
    const amount = this.#socket.getBufferedAmount();
    // A ping counts too: whoever sees too much, whatever it is, has to be told when it is gone.
    if (amount > limits.outboundHighWaterBytes) this.#aboveHighWater = true;
    return amount;
  }

  send(text: string): void {
    if (!this.#open) return;
    // With `backpressureLimit: 0` Bun queues what the kernel does not take; it never drops.
    this.#socket.send(text);
    if (this.#socket.getBufferedAmount() > limits.outboundHighWaterBytes) this.#aboveHighWater = true;
  }

  close(code: number, reason: string): void {
    if (!this.#open) return;
    this.onClose(`closed by us: ${reason}`);
    // Bun flushes what is queued behind a close for 4 s only, however steadily the peer reads.
    this.#farewell = { code, reason };
    this.#sayFarewell();
  }

  /** Bytes that the peer has not taken, also while the connection ends. */
  get unread(): number {
    return this.#socket.getBufferedAmount();
  }

  /** Ends the connection of a peer that is taken for dead; what it has not read is lost to it. */
  giveUp(reason: string): void {
    this.onClose(`closed by us: ${reason}`);
    this.#socket.close(1001, fitReason(reason));
  }

  /** Says who listens, once the acceptor has. */
  attach(events: ConnectionEvents): void {
    this.#events = events;
  }

  onMessage(text: string): void {
    if (this.#open) this.#events?.message(text);
  }

  onMalformed(reason: string): void {
    if (!this.#open) return;
    if (this.#events?.malformed) this.#events.malformed(reason);
    else this.close(1007, reason);
  }

  onDrain(): void {
    this.#sayFarewell();
    if (!this.#open || !this.#aboveHighWater) return;
    if (this.#socket.getBufferedAmount() > limits.outboundLowWaterBytes) return;
    this.#aboveHighWater = false;
    this.#events?.drained();
  }

  onClose(reason: string): void {
    if (!this.#open) return;
    this.#open = false;
    // Not from within the call that ended it: events never overlap.
    queueMicrotask(() => this.#events?.closed(reason));
  }

  #sayFarewell(): void {
    if (this.#farewell === undefined || this.#socket.getBufferedAmount() > 0) return;
    const { code, reason } = this.#farewell;
    this.#farewell = undefined;
    this.#socket.close(code, fitReason(reason));
  }
}

/** A close frame holds at most 123 bytes of reason. */
function fitReason(reason: string): string {
  let fitting = reason.slice(0, 123);
  while (Buffer.byteLength(fitting) > 123) fitting = fitting.slice(0, -1);
  return fitting;
}
