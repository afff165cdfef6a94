import { limits } from "../limits.ts";
import type { ConnectionEvents } from "./connection.ts";
import type { ConnectionEnd, DialedConnection } from "./dialed-connection.ts";
import { LivenessMonitor, type Watch } from "./liveness.ts";
import { encodeFrame, FrameReader, Opcode, WebSocketProtocolError } from "./ws-client-frames.ts";
import { MessageAssembler, type WebSocketEvent } from "./ws-client-messages.ts";

/** The part of a Bun socket that this needs. */
export interface ByteSocket {
  /** Bytes taken, less than all when the kernel's buffer is full, negative when the socket is gone. */
  write(bytes: Uint8Array): number;
  pause(): void;
  resume(): void;
  end(): void;
  terminate(): void;
}

/** One clock for all: a client may hold hundreds of connections. */
const liveness = new LivenessMonitor();

/** A websocket connection after its upgrade, over any socket that carries bytes. */
export class WebSocketClientConnection implements DialedConnection {
  readonly transport = "websocket";
  readonly peer: string;
  #end: ConnectionEnd | undefined;
  #ending: ConnectionEnd | undefined;
  readonly #socket: ByteSocket;
  readonly #reader = new FrameReader();
  readonly #assembler = new MessageAssembler();
  #events: ConnectionEvents | undefined;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #wasHigh = false;
  #paused = false;
  readonly #watch: Watch;

  constructor(socket: ByteSocket, peer: string, monitor: LivenessMonitor = liveness) {
    this.#socket = socket;
    this.peer = peer;
    this.#watch = monitor.watch({
      ping: () => this.#ping(),
      // While we do not read, nothing can be heard.
      linkState: () => (this.#paused ? { kind: "arriving", sinceMs: 0 } : { kind: "silent" }),
      giveUp: (reason) => this.#finish({ code: 1006, reason: `nothing was heard: ${reason}` }),
    });
  }

  get buffered(): number {
    return this.#waitingBytes;
  }

  get end(): ConnectionEnd | undefined {
    return this.#end;
  }

  /** Says who listens. Must come before the first byte is received. */
  listen(events: ConnectionEvents): void {
    this.#events = events;
  }

  send(text: string): void {
    if (this.#end !== undefined || this.#ending !== undefined) return;
    if (text.length <= limits.clientFragmentBytes / 3) {
      this.#write(encodeFrame(Opcode.text, text));
      return;
    }
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length; at += limits.clientFragmentBytes) {
      const opcode = at === 0 ? Opcode.text : Opcode.continuation;
      const last = at + limits.clientFragmentBytes >= bytes.length;
      this.#write(encodeFrame(opcode, bytes.subarray(at, at + limits.clientFragmentBytes), last));
    }
  }

  close(code: number, reason: string): void {
    if (this.#end !== undefined || this.#ending !== undefined) return;
    this.#ending = { code, reason };
    const payload = new Uint8Array(125);
    new DataView(payload.buffer).setUint16(0, code);
    const { written } = new TextEncoder().encodeInto(reason, payload.subarray(2));
    this.#write(encodeFrame(Opcode.close, payload.subarray(0, 2 + written)));
    if (this.#waiting.length === 0) this.#socket.end();
    // A paused or vanished peer never answers the close; what is queued gets this long to leave.
    setTimeout(() => this.#finish({ code, reason }), 1_000).unref();
    this.#socket.resume();
  }

  pause(): void {
    if (this.#paused || this.#end !== undefined) return;
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#paused || this.#end !== undefined) return;
    this.#paused = false;
    this.#watch.heard();
    this.#socket.resume();
  }

  /** Bytes from the socket. */
  received(bytes: Uint8Array): void {
    if (this.#end !== undefined) return;
    this.#watch.heard();
    try {
      this.#reader.push(bytes, (frame) => this.#take(this.#assembler.take(frame)));
    } catch (error) {
      if (!(error instanceof WebSocketProtocolError)) throw error;
      this.close(error.code, error.message);
      this.#finish({ code: error.code, reason: error.message });
    }
  }

  /** The socket takes bytes again. */
  drained(): void {
    while (this.#waiting.length > 0) {
      const [bytes = new Uint8Array(0)] = this.#waiting;
      const taken = Math.max(0, this.#socket.write(bytes));
      this.#waitingBytes -= taken;
      if (taken < bytes.length) {
        this.#waiting[0] = bytes.subarray(taken);
        break;
      }
      this.#waiting.shift();
    }
    if (this.#ending !== undefined && this.#waiting.length === 0) this.#socket.end();
    if (!this.#wasHigh || this.#waitingBytes > limits.outboundLowWaterBytes) return;
    this.#wasHigh = false;
    this.#events?.drained();
  }

  /** The socket is gone. */
  disconnected(reason: string): void {
    this.#finish(this.#ending ?? { code: 1006, reason });
  }

  #take(event: WebSocketEvent | undefined): void {
    if (event === undefined || this.#end !== undefined) return;
    switch (event.kind) {
      case "message":
        this.#events?.message(event.text);
        return;
      case "ping":
        this.#write(encodeFrame(Opcode.pong, event.payload));
        return;
      case "pong":
        return;
      case "close":
        this.#ending ??= { code: event.code, reason: event.reason || "the server closed the connection" };
        this.#finish(this.#ending);
    }
  }

  #write(bytes: Uint8Array): void {
    if (this.#end !== undefined) return;
    const taken = this.#waiting.length > 0 ? 0 : Math.max(0, this.#socket.write(bytes));
    if (taken === bytes.length) return;
    this.#waiting.push(bytes.subarray(taken));
    this.#waitingBytes += bytes.length - taken;
    if (this.#waitingBytes > limits.outboundHighWaterBytes) this.#wasHigh = true;
  }

  /** While we do not read, a pong that nobody asked for tells the server that we are still here. */
  #ping(): void {
    this.#write(encodeFrame(this.#paused ? Opcode.pong : Opcode.ping, new Uint8Array(0)));
  }

  #finish(end: ConnectionEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#watch.stop();
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#socket.terminate();
    this.#events?.closed();
  }
}
