/** A line was longer than is allowed. */
export class LineTooLongError extends Error {
  override readonly name = "LineTooLongError";
}

export interface LineSplitterOptions {
  readonly keepBlank?: boolean;
  /** Takes the place of a line that is not UTF-8. Absent: such a line is an error. */
  malformed?(bytes: Uint8Array): void;
}

/** Cuts a byte stream into lines ended by \n; a \r before it is dropped, and so are blank lines unless they are kept. */
export class LineSplitter {
  readonly #maxBytes: number;
  readonly #options: LineSplitterOptions;
  readonly #utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #pieces: Uint8Array[] = [];
  #bytes = 0;

  constructor(maxBytes: number, options: LineSplitterOptions = {}) {
    this.#maxBytes = maxBytes;
    this.#options = options;
  }

  /** Throws {@link LineTooLongError}, and TypeError for bytes that are not UTF-8. */
  push(bytes: Uint8Array, take: (line: string) => void): void {
    let from = 0;
    for (;;) {
      const end = bytes.indexOf(10, from);
      if (end < 0) break;
      this.#keep(bytes.subarray(from, end));
      from = end + 1;
      this.#hand(take);
    }
    if (from < bytes.length) this.#keep(bytes.slice(from));
  }

  /** The last line, where no \n ended it. */
  end(take: (line: string) => void): void {
    if (this.#bytes > 0) this.#hand(take);
  }

  #hand(take: (line: string) => void): void {
    const bytes = this.#pieces.length === 1 ? this.#pieces[0] : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#bytes = 0;
    const line = this.#decode(bytes ?? new Uint8Array(0));
    if (line === undefined) return;
    const text = line.endsWith("\r") ? line.slice(0, -1) : line;
    if (this.#options.keepBlank || text.trim() !== "") take(text);
  }

  #decode(bytes: Uint8Array): string | undefined {
    try {
      return this.#utf8.decode(bytes);
    } catch (error) {
      if (this.#options.malformed === undefined) throw error;
      this.#options.malformed(bytes);
      return undefined;
    }
  }

  #keep(piece: Uint8Array): void {
    this.#bytes += piece.length;
    if (this.#bytes > this.#maxBytes) throw new LineTooLongError(`a line exceeds ${this.#maxBytes} bytes`);
    this.#pieces.push(piece);
  }
}
