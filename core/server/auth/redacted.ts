/** `inspect.custom` of node:util, which is too dear to load for a symbol. */
const inspected = Symbol.for("nodejs.util.inspect.custom");

const shown = "[redacted]";

/** Bytes that must not be printed: however it is logged, it shows as `[redacted]`. */
export class Redacted {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The bytes themselves, for the one comparison or signature that needs them. */
  reveal(): Uint8Array {
    return this.#bytes;
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  [inspected](): string {
    return shown;
  }
}
