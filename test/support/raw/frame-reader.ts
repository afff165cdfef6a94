import type { Frame } from "./frame.ts";

/** Bytes of the frame that starts at `buffer[0]`, as far as `have` bytes tell: at least 2, exact once the length is in. */
function frameBytes(buffer: Buffer, have: number): number {
  if (have < 2) return 2;
  const second = buffer.readUInt8(1);
  const mask = second & 0x80 ? 4 : 0;
  const short = second & 0x7f;
  if (short < 126) return 2 + mask + short;
  if (short === 126) return have < 4 ? 4 : 4 + mask + buffer.readUInt16BE(2);
  return have < 10 ? 10 : 10 + mask + Number(buffer.readBigUInt64BE(2));
}

function decode(buffer: Buffer): Frame {
  const first = buffer.readUInt8(0);
  const second = buffer.readUInt8(1);
  const short = second & 0x7f;
  let at = short < 126 ? 2 : short === 126 ? 4 : 10;
  let payload = buffer.subarray(at);
  if (second & 0x80) {
    const key = buffer.subarray(at, at + 4);
    at += 4;
    payload = Buffer.from(buffer.subarray(at));
    for (let i = 0; i < payload.length; i++) payload[i] = (payload[i] ?? 0) ^ (key[i & 3] ?? 0);
  }
  return { fin: (first & 0x80) !== 0, opcode: first & 15, payload };
}

/**
 * Cuts a byte stream into frames. A frame's payload is a view that is valid only until the callback returns:
 * whoever keeps it copies it. A large frame is gathered in one buffer of its final size, never grown twice.
 */
export class FrameReader {
  #partial: Buffer | undefined;
  #have = 0;
  readonly #onFrame: (frame: Frame) => void;

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  push(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0) {
      if (this.#partial) rest = this.#fill(this.#partial, rest);
      else rest = this.#take(rest);
    }
  }

  /** Takes a whole frame out of `bytes`, or keeps what there is of it. */
  #take(bytes: Buffer): Buffer {
    const need = frameBytes(bytes, bytes.length);
    if (bytes.length >= need && frameBytes(bytes, need) === need && need > 1) {
      this.#onFrame(decode(bytes.subarray(0, need)));
      return bytes.subarray(need);
    }
    const partial = Buffer.allocUnsafe(Math.max(need, 16));
    bytes.copy(partial);
    this.#partial = partial;
    this.#have = bytes.length;
    return bytes.subarray(bytes.length);
  }

  #fill(partial: Buffer, bytes: Buffer): Buffer {
    const need = frameBytes(partial, this.#have);
    const target = partial.length < need ? Buffer.allocUnsafe(need) : partial;
    if (target !== partial) partial.copy(target, 0, 0, this.#have);
    const taken = Math.min(need - this.#have, bytes.length);
    bytes.copy(target, this.#have, 0, taken);
    this.#have += taken;
    this.#partial = target;
    const exact = frameBytes(target, this.#have);
    if (this.#have === need && exact === need) {
      this.#partial = undefined;
      this.#onFrame(decode(target.subarray(0, need)));
    }
    return bytes.subarray(taken);
  }
}
