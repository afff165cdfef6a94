import { limits } from "../../limits.ts";
import { Cursor } from "./cursor.ts";
import type { JsonObject, JsonValue } from "./json-value.ts";
import { readNumber } from "./read-number.ts";
import { readString } from "./read-string.ts";

const quote = 0x22;
const comma = 0x2c;
const minus = 0x2d;
const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const lowerF = 0x66;
const lowerN = 0x6e;
const lowerT = 0x74;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/**
 * Parses one JSON text exactly: integers keep their value, a key may stand once in an object, and the limits on
 * values and nesting hold. Throws {@link JsonSyntaxError} with serde_json's words and place.
 */
export function parseJson(text: string): JsonValue {
  return new Reader(text).readDocument();
}

class Reader {
  private readonly cursor: Cursor;
  private values = 0;
  private depth = 0;

  constructor(text: string) {
    this.cursor = new Cursor(text);
  }

  readDocument(): JsonValue {
    const { cursor } = this;
    const value = this.readValue(cursor.skipSpace());
    cursor.skipSpace();
    if (cursor.at < cursor.text.length) throw cursor.unexpected("trailing characters");
    return value;
  }

  /** `next` is the unit at the cursor, NaN at the end. */
  private readValue(next: number): JsonValue {
    const { cursor } = this;
    this.values += 1;
    if (this.values > limits.jsonValues) {
      throw cursor.refused(`JSON-RPC message exceeds the limit of ${limits.jsonValues} JSON values`);
    }
    if (next === quote) return readString(cursor);
    if (next === openBrace) return this.readObject();
    if (next === openBracket) return this.readArray();
    if (next === minus || (next >= zero && next <= nine)) return readNumber(cursor);
    if (next === lowerT) return this.readWord("true", true);
    if (next === lowerF) return this.readWord("false", false);
    if (next === lowerN) return this.readWord("null", null);
    throw cursor.unexpected("expected value", "EOF while parsing a value");
  }

  private readObject(): JsonObject {
    const { cursor } = this;
    this.enter();
    const object: Record<string, JsonValue> = Object.create(null);
    let next = cursor.skipSpace();
    if (next !== closeBrace && next !== quote) {
      throw cursor.unexpected("key must be a string", "EOF while parsing an object");
    }
    while (next === quote) {
      const key = readString(cursor);
      next = cursor.skipSpace();
      if (key in object) throw cursor.refused(`duplicate JSON object key \`${key}\``);
      if (next !== colon) throw cursor.unexpected("expected `:`", "EOF while parsing an object");
      cursor.at += 1;
      object[key] = this.readValue(cursor.skipSpace());
      next = cursor.skipSpace();
      if (next !== comma) break;
      cursor.at += 1;
      next = cursor.skipSpace();
      if (next === closeBrace) throw cursor.unexpected("trailing comma");
      if (next !== quote) throw cursor.unexpected("key must be a string", "EOF while parsing a value");
    }
    if (next !== closeBrace) throw cursor.unexpected("expected `,` or `}`", "EOF while parsing an object");
    this.leave();
    return object;
  }

  private readArray(): JsonValue[] {
    const { cursor } = this;
    this.enter();
    const array: JsonValue[] = [];
    let next = cursor.skipSpace();
    if (Number.isNaN(next)) throw cursor.unexpected("EOF while parsing a list");
    while (next !== closeBracket) {
      array.push(this.readValue(next));
      next = cursor.skipSpace();
      if (next === closeBracket) break;
      if (next !== comma) throw cursor.unexpected("expected `,` or `]`", "EOF while parsing a list");
      cursor.at += 1;
      next = cursor.skipSpace();
      if (next === closeBracket) throw cursor.unexpected("trailing comma");
    }
    this.leave();
    return array;
  }

  private enter(): void {
    this.depth += 1;
    if (this.depth > limits.jsonDepth) throw this.cursor.unexpected("recursion limit exceeded");
    this.cursor.at += 1;
  }

  private leave(): void {
    this.depth -= 1;
    this.cursor.at += 1;
  }

  private readWord<T>(word: string, value: T): T {
    const { cursor } = this;
    if (cursor.text.startsWith(word, cursor.at)) {
      cursor.at += word.length;
      return value;
    }
    for (const expected of word) {
      if (cursor.text.charAt(cursor.at) !== expected) break;
      cursor.at += 1;
    }
    throw cursor.unexpected("expected ident", "EOF while parsing a value");
  }
}
