/** What a client's frame says, unmasked. */
export interface ClientFrame {
  readonly opcode: number;
  readonly final: boolean;
  readonly payload: Uint8Array;
}

/** Cuts what a websocket client sends into frames (RFC 6455, 5.2); the server's own code has Bun for that. */
export class ClientFrameReader {
  #bytes: Uint8Array = new Uint8Array(0);

  push(bytes: Uint8Array): ClientFrame[] {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    const frames: ClientFrame[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): ClientFrame | undefined {
    const bytes = this.#bytes;
    if (bytes.length < 2) return undefined;
    const [first = 0, second = 0] = bytes;
    if ((second & 0x80) === 0) throw new Error("a client's frame is not masked");
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const short = second & 0x7f;
    const head = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (bytes.length < head + 4) return undefined;
    const length = short === 126 ? view.getUint16(2) : short === 127 ? Number(view.getBigUint64(2)) : short;
    if (bytes.length < head + 4 + length) return undefined;
    const mask = bytes.subarray(head, head + 4);
    const payload = bytes.slice(head + 4, head + 4 + length);
    for (let at = 0; at < length; at++) payload[at] = (payload[at] ?? 0) ^ (mask[at & 3] ?? 0);
    this.#bytes = bytes.slice(head + 4 + length);
    return { opcode: first & 0x0f, final: (first & 0x80) !== 0, payload };
  }
}

/** A server's frame: whole, not masked. */
export function serverFrame(opcode: number, payload: Uint8Array): Uint8Array {
  const { length } = payload;
  const head = new Uint8Array(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  const view = new DataView(head.buffer);
  head[0] = 0x80 | opcode;
  if (length < 126) head[1] = length;
  else if (length < 65_536) {
    head[1] = 126;
    view.setUint16(2, length);
  } else {
    head[1] = 127;
    view.setBigUint64(2, BigInt(length));
  }
  return Buffer.concat([head, payload]);
}
