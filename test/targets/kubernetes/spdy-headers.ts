import { createInflate, type Inflate } from "node:zlib";
import { spdyDictionary } from "./spdy-dictionary.ts";

/** Reads the header blocks of one connection, in their order: each is compressed with all that came before. */
export class SpdyHeaders {
  readonly #inflate: Inflate = createInflate({ dictionary: spdyDictionary });
  #unpacked: Buffer[] = [];

  constructor() {
    this.#inflate.on("data", (bytes) => this.#unpacked.push(bytes));
  }

  async read(block: Buffer): Promise<ReadonlyMap<string, string>> {
    const inflate = this.#inflate;
    await new Promise<void>((resolve, reject) => {
      inflate.write(block, (error) => (error ? reject(error) : resolve()));
    });
    const bytes = Buffer.concat(this.#unpacked);
    this.#unpacked = [];
    const headers = new Map<string, string>();
    let at = 4;
    const text = () => {
      const start = at + 4;
      at = start + bytes.readUInt32BE(at);
      return bytes.toString("utf8", start, at);
    };
    for (let left = bytes.readUInt32BE(0); left > 0; left--) headers.set(text(), text());
    return headers;
  }

  close(): void {
    this.#inflate.close();
  }
}
