/** `inspect.custom` of node:util, which is too dear to load for a symbol. */
const inspected = Symbol.for("nodejs.util.inspect.custom");

const shown = "[redacted]";

/** A value that no log, message or inspection shows: however it is printed, it is `[redacted]`. */
export class Secret<Value = string> {
  readonly #value: Value;

  constructor(value: Value) {
    this.#value = value;
  }

  /** The value itself, for the one place that sends it, compares it or signs with it. */
  reveal(): Value {
    return this.#value;
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
