import type { ServerWebSocket, WebSocketHandler } from "bun";
import { limits } from "../../core/limits.ts";
import type { WebSocketData } from "../../core/transport/websocket-connection.ts";
import { type ClientFrame, ClientFrameReader, serverFrame } from "./client-frames.ts";

/** How the server's end reaches the link. */
export interface Wire {
  write(bytes: Uint8Array): number;
  /** All that was written has been taken: the connection ends. */
  finish(): void;
}

/** So long Bun lets what is queued behind a close leave. */
const BUN_FLUSHES_MS = 4_000;
const [TEXT, CLOSE, PING, PONG] = [1, 8, 9, 10];

/**
 * The server's end of a websocket as Bun makes it, over a wire of the simulation: answers the upgrade, reads frames,
 * keeps what the wire does not take. What is told goes to the very handler that the real listener uses.
 */
export class ServerSocket {
  readonly data: WebSocketData;
  readonly #wire: Wire;
  readonly #handler: WebSocketHandler<WebSocketData>;
  readonly #frames = new ClientFrameReader();
  #header = "";
  #upgraded = false;
  #waiting: Uint8Array = new Uint8Array(0);
  #closing = false;
  #over = false;

  constructor(wire: Wire, options: { handler: WebSocketHandler<WebSocketData>; peer: string }) {
    this.#wire = wire;
    this.#handler = options.handler;
    this.data = { peer: options.peer };
    // The real listener as well gives up who connects and asks nothing.
    setTimeout(() => !this.#upgraded && this.#wire.finish(), limits.handshakeIdleSeconds * 1_000);
  }

  /** Bytes from the client. */
  received(bytes: Uint8Array): void {
    if (this.#over) return;
    const rest = this.#upgraded ? bytes : this.#upgrade(bytes);
    if (rest === undefined || this.#closing) return;
    for (const frame of this.#frames.push(rest)) this.#take(frame);
  }

  /** The wire takes bytes again. */
  drained(): void {
    if (this.#over) return;
    this.#waiting = this.#waiting.slice(this.#wire.write(this.#waiting));
    if (this.#waiting.length > 0) return;
    this.#handler.drain?.(this.#asBun());
    if (this.#closing) this.#wire.finish();
  }

  /** The link is gone. */
  broken(): void {
    this.#ended(1006, "");
  }

  send(text: string): number {
    return this.#write(serverFrame(TEXT, new TextEncoder().encode(text)));
  }

  ping(): number {
    return this.#write(serverFrame(PING, new Uint8Array(0)));
  }

  getBufferedAmount(): number {
    return this.#waiting.length;
  }

  close(code = 1000, reason = ""): void {
    if (this.#over || this.#closing) return;
    const payload = Buffer.concat([
      new Uint8Array([code >> 8, code & 0xff]),
      new TextEncoder().encode(reason),
    ]);
    this.#write(serverFrame(CLOSE, payload));
    this.#closing = true;
    if (this.#waiting.length === 0) this.#wire.finish();
    else setTimeout(() => this.#wire.finish(), BUN_FLUSHES_MS);
    this.#ended(code, reason);
  }

  #upgrade(bytes: Uint8Array): Uint8Array | undefined {
    this.#header += Buffer.from(bytes).toString("latin1");
    const end = this.#header.indexOf("\r\n\r\n");
    if (end < 0) return undefined;
    const key = /^sec-websocket-key: (.+)$/im.exec(this.#header.slice(0, end))?.[1]?.trim() ?? "";
    const accept = new Bun.CryptoHasher("sha1")
      .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest("base64");
    const fields = ["Upgrade: websocket", "Connection: Upgrade", `Sec-WebSocket-Accept: ${accept}`];
    this.#write(Buffer.from(`HTTP/1.1 101 Switching Protocols\r\n${fields.join("\r\n")}\r\n\r\n`));
    this.#upgraded = true;
    void this.#handler.open?.(this.#asBun());
    return Buffer.from(this.#header.slice(end + 4), "latin1");
  }

  #take({ opcode, payload }: ClientFrame): void {
    if (this.#over) return;
    const socket = this.#asBun();
    switch (opcode) {
      case TEXT:
        void this.#handler.message?.(socket, new TextDecoder().decode(payload));
        return;
      case CLOSE: {
        const code = payload.length < 2 ? 1005 : ((payload[0] ?? 0) << 8) | (payload[1] ?? 0);
        this.#write(serverFrame(CLOSE, payload));
        this.#wire.finish();
        this.#ended(code, new TextDecoder().decode(payload.subarray(2)));
        return;
      }
      case PING:
        this.#write(serverFrame(PONG, payload));
        this.#handler.ping?.(socket, Buffer.from(payload));
        return;
      case PONG:
        this.#handler.pong?.(socket, Buffer.from(payload));
    }
  }

  #write(bytes: Uint8Array): number {
    if (this.#over) return 0;
    const taken = this.#waiting.length > 0 ? 0 : this.#wire.write(bytes);
    if (taken < bytes.length) this.#waiting = Buffer.concat([this.#waiting, bytes.subarray(taken)]);
    return bytes.length;
  }

  #ended(code: number, reason: string): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#upgraded) void this.#handler.close?.(this.#asBun(), code, reason);
  }

  /** Sound: the handler uses `data`, `send`, `ping`, `close` and `getBufferedAmount`, all of which are here. */
  #asBun(): ServerWebSocket<WebSocketData> {
    return this as unknown as ServerWebSocket<WebSocketData>;
  }
}
