import { limits } from "../../core/limits.ts";

/** The newest output of a job; what is older is counted, not kept. */
export class JobLog {
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #dropped = 0;

  /** Bytes that are no longer here. */
  get dropped(): number {
    return this.#dropped;
  }

  append(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    while (this.#bytes > limits.jobLogBytes) {
      const [oldest = new Uint8Array(0)] = this.#pieces;
      const excess = this.#bytes - limits.jobLogBytes;
      const gone = Math.min(excess, oldest.length);
      if (gone === oldest.length) this.#pieces.shift();
      else this.#pieces[0] = oldest.subarray(gone);
      this.#bytes -= gone;
      this.#dropped += gone;
    }
  }

  /** Everything kept, oldest first. */
  read(): Uint8Array {
    return Buffer.concat(this.#pieces);
  }

  /** Everything kept, which is no longer here afterwards. */
  take(): Uint8Array {
    const bytes = this.read();
    this.#pieces = [];
    this.#bytes = 0;
    return bytes;
  }
}
