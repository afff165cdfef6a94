/** `inspect.custom` of node:util, which is too dear to load for a symbol. */
const inspected = Symbol.for("nodejs.util.inspect.custom");

/** A value that no log, message or inspection shows. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the one place that sends it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "[redacted]";
  }

  toJSON(): string {
    return "[redacted]";
  }

  [inspected](): string {
    return "[redacted]";
  }
}
