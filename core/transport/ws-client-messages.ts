import { limits } from "../limits.ts";
import { type Frame, Opcode, WebSocketProtocolError } from "./ws-client-frames.ts";

export type WebSocketEvent =
  | { readonly kind: "message"; readonly text: string }
  | { readonly kind: "ping"; readonly payload: Uint8Array }
  | { readonly kind: "pong" }
  | { readonly kind: "close"; readonly code: number; readonly reason: string };

/** Joins the fragments of messages; control frames pass between them. */
export class MessageAssembler {
  readonly #utf8 = new TextDecoder("utf-8", { fatal: true });
  #pieces: Uint8Array[] = [];
  #bytes = 0;

  /** The event that this frame completes, if it completes one. Throws {@link WebSocketProtocolError}. */
  take(frame: Frame): WebSocketEvent | undefined {
    switch (frame.opcode) {
      case Opcode.text:
      case Opcode.binary:
        if (this.#pieces.length > 0) throw new WebSocketProtocolError(1002, "a message began inside another");
        if (frame.final) return this.#message(frame.payload);
        return this.#keep(frame.payload);
      case Opcode.continuation:
        if (this.#pieces.length === 0) throw new WebSocketProtocolError(1002, "a continuation of nothing");
        this.#keep(frame.payload);
        return frame.final ? this.#joined() : undefined;
      case Opcode.ping:
        return { kind: "ping", payload: frame.payload.slice() };
      case Opcode.pong:
        return { kind: "pong" };
      case Opcode.close:
        return this.#close(frame.payload);
      default:
        throw new WebSocketProtocolError(1002, `unknown opcode ${frame.opcode}`);
    }
  }

  #keep(payload: Uint8Array): undefined {
    this.#bytes += payload.length;
    if (this.#bytes > limits.incomingMessageBytes) {
      throw new WebSocketProtocolError(1009, `a message exceeds ${limits.incomingMessageBytes} bytes`);
    }
    this.#pieces.push(payload.slice());
  }

  #joined(): WebSocketEvent {
    const whole = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#bytes = 0;
    return this.#message(whole);
  }

  #message(payload: Uint8Array): WebSocketEvent {
    return { kind: "message", text: this.#text(payload) };
  }

  #close(payload: Uint8Array): WebSocketEvent {
    if (payload.length < 2) return { kind: "close", code: 1005, reason: "" };
    const code = new DataView(payload.buffer, payload.byteOffset).getUint16(0);
    return { kind: "close", code, reason: this.#text(payload.subarray(2)) };
  }

  #text(payload: Uint8Array): string {
    try {
      return this.#utf8.decode(payload);
    } catch {
      throw new WebSocketProtocolError(1007, "the server sent text that is not UTF-8");
    }
  }
}
