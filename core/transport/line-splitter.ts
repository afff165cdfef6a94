/** A line was longer than is allowed. */
export class LineTooLongError extends Error {
  override readonly name = "LineTooLongError";
}

/** Cuts a byte stream into lines ended by \n; a \r before it and blank lines are dropped. */
export class LineSplitter {
  readonly #maxBytes: number;
  readonly #utf8 = new TextDecoder("utf-8", { fatal: true });
  #pieces: Uint8Array[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Throws {@link LineTooLongError}, and TypeError for bytes that are not UTF-8. */
  push(bytes: Uint8Array, take: (line: string) => void): void {
    let from = 0;
    for (;;) {
      const end = bytes.indexOf(10, from);
      if (end < 0) break;
      this.#keep(bytes.subarray(from, end));
      from = end + 1;
      const line = this.#utf8.decode(
        this.#pieces.length === 1 ? this.#pieces[0] : Buffer.concat(this.#pieces),
      );
      this.#pieces = [];
      this.#bytes = 0;
      const text = line.endsWith("\r") ? line.slice(0, -1) : line;
      if (text.trim() !== "") take(text);
    }
    if (from < bytes.length) this.#keep(bytes.slice(from));
  }

  #keep(piece: Uint8Array): void {
    this.#bytes += piece.length;
    if (this.#bytes > this.#maxBytes) throw new LineTooLongError(`a line exceeds ${this.#maxBytes} bytes`);
    this.#pieces.push(piece);
  }
}
