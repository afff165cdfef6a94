import { limits } from "../../../limits.ts";

const newline = 0x0a;

/** Takes lines out of a helper's output. */
export class AnswerReader {
  readonly #read: () => Promise<Uint8Array | null>;
  #rest: Uint8Array = new Uint8Array();

  constructor(read: () => Promise<Uint8Array | null>) {
    this.#read = read;
  }

  /** The next line without its end; null when the output ends first. Throws when a line is longer than an answer is. */
  async next(): Promise<string | null> {
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for (let chunk: Uint8Array | null = this.#rest; chunk !== null; chunk = await this.#read()) {
      const end = chunk.indexOf(newline);
      if (end !== -1) {
        parts.push(chunk.subarray(0, end));
        this.#rest = chunk.subarray(end + 1);
        return Buffer.concat(parts).toString("utf8");
      }
      if (chunk.length > 0) parts.push(chunk);
      bytes += chunk.length;
      if (bytes > limits.fsHelperAnswerBytes) throw new Error("an answer without end");
    }
    this.#rest = new Uint8Array();
    return null;
  }

  /** Whether the helper has said more than it was asked. */
  get hasMore(): boolean {
    return this.#rest.length > 0;
  }
}
