import { JsonSyntaxError } from "./json-syntax-error.ts";

const tab = 0x09;
const newline = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;

/** A text and how far it has been read. */
export class Cursor {
  readonly text: string;
  /** UTF-16 units read. */
  at = 0;
  /** The first backslash at or behind the last position asked for; the text's length when there is none. */
  private backslash = -1;

  constructor(text: string) {
    this.text = text;
  }

  /** Moves over white space; gives the unit at the position, NaN at the end. */
  skipSpace(): number {
    let unit = this.text.charCodeAt(this.at);
    while (unit === space || unit === newline || unit === carriageReturn || unit === tab) {
      this.at += 1;
      unit = this.text.charCodeAt(this.at);
    }
    return unit;
  }

  /** The first backslash at or behind `from`. Asked with growing positions, it searches the text once. */
  findBackslash(from: number): number {
    if (this.backslash < from) {
      const found = this.text.indexOf("\\", from);
      this.backslash = found === -1 ? this.text.length : found;
    }
    return this.backslash;
  }

  /** An error about the next character, which was only looked at, or about the end of the text. */
  unexpected(reason: string, reasonAtEnd = reason): JsonSyntaxError {
    return this.at < this.text.length ? this.fail(reason, true) : this.fail(reasonAtEnd, false);
  }

  /** An error noticed after what has been read. */
  refused(reason: string): JsonSyntaxError {
    return this.fail(reason, false);
  }

  /** Lines and columns are serde_json's: columns count UTF-8 bytes since the line began. */
  private fail(reason: string, peeked: boolean): JsonSyntaxError {
    const newlinePeeked = peeked && this.text.charCodeAt(this.at) === newline;
    let line = newlinePeeked ? 2 : 1;
    let lineStart = 0;
    for (
      let at = this.text.indexOf("\n");
      at !== -1 && at < this.at;
      at = this.text.indexOf("\n", lineStart)
    ) {
      line += 1;
      lineStart = at + 1;
    }
    const bytes = Buffer.byteLength(this.text.slice(lineStart, this.at));
    const column = newlinePeeked ? 0 : bytes + (peeked ? 1 : 0);
    return new JsonSyntaxError(`${reason} at line ${line} column ${column}`);
  }
}
