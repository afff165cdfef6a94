/** One frame of SPDY/3.1 as it comes in. */
export type SpdyFrame =
  | { readonly kind: "open"; readonly stream: number; readonly block: Buffer; readonly last: boolean }
  | { readonly kind: "data"; readonly stream: number; readonly bytes: Buffer; readonly last: boolean }
  | { readonly kind: "reset"; readonly stream: number }
  | { readonly kind: "ping"; readonly whole: Buffer }
  | { readonly kind: "other" };

const headBytes = 8;
const [open, reply, reset, ping] = [1, 2, 3, 6];
const lastFlag = 1;

/** Takes bytes apart into frames; what is not whole yet waits for more. */
export class SpdyFrames {
  #pending: Buffer = Buffer.alloc(0);

  *push(bytes: Buffer): Generator<SpdyFrame> {
    this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    for (;;) {
      if (this.#pending.length < headBytes) return;
      const end = headBytes + this.#pending.readUIntBE(5, 3);
      if (this.#pending.length < end) return;
      const frame = this.#pending.subarray(0, end);
      this.#pending = this.#pending.subarray(end);
      yield frameOf(frame);
    }
  }
}

function frameOf(whole: Buffer): SpdyFrame {
  const last = (whole.readUInt8(4) & lastFlag) !== 0;
  const body = whole.subarray(headBytes);
  const isControl = (whole.readUInt8(0) & 0x80) !== 0;
  if (!isControl) return { kind: "data", stream: whole.readUInt32BE(0), bytes: body, last };
  switch (whole.readUInt16BE(2)) {
    case open:
      // Its number, that of another one, a priority and a slot.
      return { kind: "open", stream: body.readUInt32BE(0), block: body.subarray(10), last };
    case reset:
      return { kind: "reset", stream: body.readUInt32BE(0) };
    case ping:
      return { kind: "ping", whole };
    default:
      return { kind: "other" };
  }
}

export function dataFrame(stream: number, bytes: Uint8Array, last: boolean): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt32BE(stream, 0);
  head.writeUInt8(last ? lastFlag : 0, 4);
  head.writeUIntBE(bytes.length, 5, 3);
  return Buffer.concat([head, bytes]);
}

/** Opens a compressed stream of header blocks: the method, and the checksum of the dictionary. */
const zlibHead = Buffer.from("78bbe3c6a7c2", "hex");
/** No header at all, as a part of that stream which is not compressed, and the mark that it is to be read up to here. */
const emptyBlock = Buffer.from("000400fbff00000000000000ffff", "hex");

/** Accepts a stream; the first answer of a connection opens the compressed stream of its header blocks. */
export function replyFrame(stream: number, isFirst: boolean): Buffer {
  const block = isFirst ? Buffer.concat([zlibHead, emptyBlock]) : emptyBlock;
  const frame = Buffer.alloc(headBytes + 4);
  frame.writeUInt16BE(0x8003, 0);
  frame.writeUInt16BE(reply, 2);
  frame.writeUIntBE(4 + block.length, 5, 3);
  frame.writeUInt32BE(stream, headBytes);
  return Buffer.concat([frame, block]);
}
