import { readSync } from "node:fs";

const newline = 0x0a;
const chunkBytes = 64 * 1024;

/** Reads lines from a pipe, waiting in the call: a helper has nothing else to do. */
export class LineReader {
  readonly #descriptor: number;
  readonly #chunk = Buffer.allocUnsafeSlow(chunkBytes);
  #parts: Buffer[] = [];
  #rest: Buffer = Buffer.alloc(0);

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /** The next line without its end; null at the end of the input, where an unfinished line is no line. */
  next(): string | null {
    for (;;) {
      const end = this.#rest.indexOf(newline);
      if (end !== -1) return this.#take(end);
      if (!this.#fill()) return null;
    }
  }

  /** Everything up to the end of the input. */
  all(): string {
    while (this.#fill());
    const text = Buffer.concat(this.#parts).toString("utf8");
    this.#parts = [];
    return text;
  }

  #take(end: number): string {
    const line = Buffer.concat([...this.#parts, this.#rest.subarray(0, end)]).toString("utf8");
    this.#parts = [];
    this.#rest = this.#rest.subarray(end + 1);
    return line;
  }

  /** What was read holds no further line: it waits for the rest of this one. False: there is no more. */
  #fill(): boolean {
    if (this.#rest.length > 0) this.#parts.push(Buffer.from(this.#rest));
    const count = readSync(this.#descriptor, this.#chunk);
    this.#rest = this.#chunk.subarray(0, count);
    return count > 0;
  }
}
