import { limits } from "../limits.ts";

/** Opcodes of RFC 6455 that this client speaks. */
export const Opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** The peer broke RFC 6455 or one of our limits; `code` goes into our close frame. */
export class WebSocketProtocolError extends Error {
  override readonly name = "WebSocketProtocolError";
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export interface Frame {
  readonly final: boolean;
  readonly opcode: number;
  /** Only valid until the next push: it may be a view of the bytes that came in. */
  readonly payload: Uint8Array;
}

/** Cuts a byte stream from a server into frames, however the bytes were split on the way. */
export class FrameReader {
  readonly #header = new Uint8Array(10);
  #headerBytes = 0;
  #payload: Uint8Array | undefined;
  #payloadBytes = 0;

  /** Calls `take` once for each frame that is complete. Throws {@link WebSocketProtocolError}. */
  push(bytes: Uint8Array, take: (frame: Frame) => void): void {
    let at = 0;
    while (at < bytes.length) {
      at =
        this.#payload === undefined ? this.#readHeader(bytes, at, take) : this.#readPayload(bytes, at, take);
    }
  }

  #readHeader(bytes: Uint8Array, from: number, take: (frame: Frame) => void): number {
    let at = from;
    while (this.#headerBytes < this.#headerLength()) {
      if (at >= bytes.length) return at;
      this.#header[this.#headerBytes++] = bytes[at++] ?? 0;
    }
    const length = this.#checkedLength();
    if (bytes.length - at >= length) {
      this.#emit(bytes.subarray(at, at + length), take);
      return at + length;
    }
    this.#payload = new Uint8Array(length);
    this.#payloadBytes = 0;
    return at;
  }

  #readPayload(bytes: Uint8Array, at: number, take: (frame: Frame) => void): number {
    const payload = this.#payload;
    if (payload === undefined) return at;
    const part = bytes.subarray(at, at + payload.length - this.#payloadBytes);
    payload.set(part, this.#payloadBytes);
    this.#payloadBytes += part.length;
    if (this.#payloadBytes === payload.length) this.#emit(payload, take);
    return at + part.length;
  }

  #emit(payload: Uint8Array, take: (frame: Frame) => void): void {
    const first = this.#header[0] ?? 0;
    this.#payload = undefined;
    this.#headerBytes = 0;
    take({ final: (first & 0x80) !== 0, opcode: first & 0x0f, payload });
  }

  #headerLength(): number {
    if (this.#headerBytes < 2) return 2;
    const length = (this.#header[1] ?? 0) & 0x7f;
    if (length === 126) return 4;
    return length === 127 ? 10 : 2;
  }

  #checkedLength(): number {
    const [first = 0, second = 0] = this.#header;
    if ((first & 0x70) !== 0) throw new WebSocketProtocolError(1002, "the server set a reserved bit");
    if ((second & 0x80) !== 0) throw new WebSocketProtocolError(1002, "the server masked a frame");
    const view = new DataView(this.#header.buffer);
    const short = second & 0x7f;
    const length = short === 127 ? Number(view.getBigUint64(2)) : short === 126 ? view.getUint16(2) : short;
    const control = (first & 0x08) !== 0;
    if (control && (length > 125 || (first & 0x80) === 0)) {
      throw new WebSocketProtocolError(1002, "the server sent a control frame that is too long or in pieces");
    }
    if (length > limits.incomingMessageBytes) {
      throw new WebSocketProtocolError(
        1009,
        `a frame of ${length} bytes exceeds ${limits.incomingMessageBytes}`,
      );
    }
    return length;
  }
}

const maskPool = new Uint8Array(1024);
let maskPoolAt = maskPool.length;

/** Four bytes that a page or proxy on the way cannot foresee, as RFC 6455 asks. */
function nextMask(): Uint8Array {
  if (maskPoolAt === maskPool.length) {
    crypto.getRandomValues(maskPool);
    maskPoolAt = 0;
  }
  maskPoolAt += 4;
  return maskPool.subarray(maskPoolAt - 4, maskPoolAt);
}

/** Room in front of the payload: the longest header (14 bytes), rounded up so that the payload is aligned. */
const headroom = 16;

/** One masked frame, ready for the socket. */
export function encodeFrame(opcode: number, payload: string | Uint8Array, final = true): Uint8Array {
  const length = typeof payload === "string" ? Buffer.byteLength(payload) : payload.length;
  const frame = new Uint8Array(headroom + length);
  const body = frame.subarray(headroom);
  if (typeof payload === "string") new TextEncoder().encodeInto(payload, body);
  else body.set(payload);
  const mask = nextMask();
  applyMask(body, mask);
  const start = headroom - (length < 126 ? 6 : length < 65_536 ? 8 : 14);
  const view = new DataView(frame.buffer);
  frame[start] = (final ? 0x80 : 0) | opcode;
  if (length < 126) frame[start + 1] = 0x80 | length;
  else if (length < 65_536) {
    frame[start + 1] = 0xfe;
    view.setUint16(start + 2, length);
  } else {
    frame[start + 1] = 0xff;
    view.setBigUint64(start + 2, BigInt(length));
  }
  frame.set(mask, headroom - 4);
  return frame.subarray(start);
}

function applyMask(body: Uint8Array, mask: Uint8Array): void {
  const words = new Uint32Array(body.buffer, body.byteOffset, body.length >>> 2);
  const word = new DataView(mask.buffer, mask.byteOffset).getUint32(0, true);
  for (let i = 0; i < words.length; i++) words[i] = (words[i] ?? 0) ^ word;
  for (let i = words.length << 2; i < body.length; i++) body[i] = (body[i] ?? 0) ^ (mask[i & 3] ?? 0);
}
