import { parse } from "smol-toml";
import { TomlCursor } from "./toml-cursor.ts";

/** A part of a key; offsets count UTF-16 units from the start of the file. */
export interface TomlKey {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

export interface TomlPair {
  readonly keys: readonly TomlKey[];
  readonly start: number;
  readonly value: TomlValue;
}

export type TomlValue =
  | { readonly kind: "scalar"; readonly start: number; readonly end: number }
  | {
      readonly kind: "array";
      readonly start: number;
      readonly end: number;
      readonly items: readonly TomlValue[];
    }
  | {
      readonly kind: "table";
      readonly start: number;
      readonly end: number;
      readonly pairs: readonly TomlPair[];
    };

/** What stands below one header; the first section has none. `end` is that of the header's line, or 0. */
export interface TomlSection {
  readonly kind: "root" | "table" | "array";
  readonly keys: readonly TomlKey[];
  readonly start: number;
  readonly end: number;
  readonly pairs: readonly TomlPair[];
}

/** Says where everything stands in a text that is valid TOML. Throws for some that is not. */
export function scanToml(text: string): readonly TomlSection[] {
  const cursor = new TomlCursor(text);
  const sections: TomlSection[] = [];
  let pairs: TomlPair[] = [];
  sections.push({ kind: "root", keys: [], start: 0, end: 0, pairs });
  for (cursor.skipBlank(); !cursor.done; cursor.skipBlank()) {
    if (cursor.peek() !== "[") {
      pairs.push(scanPair(cursor));
      continue;
    }
    pairs = [];
    sections.push({ ...scanHeader(cursor), pairs });
  }
  return sections;
}

function scanHeader(cursor: TomlCursor): Omit<TomlSection, "pairs"> {
  const start = cursor.at;
  const isArray = cursor.take("[[");
  if (!isArray) cursor.expect("[");
  const keys = scanKeys(cursor);
  cursor.expect(isArray ? "]]" : "]");
  return { kind: isArray ? "array" : "table", keys, start, end: cursor.at };
}

function scanKeys(cursor: TomlCursor): TomlKey[] {
  const keys: TomlKey[] = [];
  do {
    cursor.skipSpaces();
    const start = cursor.at;
    const raw = cursor.key();
    keys.push({ name: keyName(raw), start, end: cursor.at });
    cursor.skipSpaces();
  } while (cursor.take("."));
  return keys;
}

/** A quoted key as its string. */
function keyName(raw: string): string {
  if (!/^["']/.test(raw)) return raw;
  return String(parse(`key = ${raw}`)["key"]);
}

function scanPair(cursor: TomlCursor): TomlPair {
  const start = cursor.at;
  const keys = scanKeys(cursor);
  cursor.expect("=");
  cursor.skipSpaces();
  return { keys, start, value: scanValue(cursor) };
}

function scanValue(cursor: TomlCursor): TomlValue {
  const start = cursor.at;
  if (cursor.take("[")) {
    const items = scanList(cursor, "]", () => scanValue(cursor));
    return { kind: "array", start, end: cursor.at, items };
  }
  if (cursor.take("{")) {
    const pairs = scanList(cursor, "}", () => scanPair(cursor));
    return { kind: "table", start, end: cursor.at, pairs };
  }
  cursor.scalar();
  return { kind: "scalar", start, end: cursor.at };
}

/** Items up to the closing bracket, with commas between them; line ends and comments may stand anywhere. */
function scanList<T>(cursor: TomlCursor, close: string, item: () => T): T[] {
  const items: T[] = [];
  for (;;) {
    cursor.skipBlank();
    if (cursor.take(close)) return items;
    items.push(item());
    cursor.skipBlank();
    if (!cursor.take(",")) {
      cursor.expect(close);
      return items;
    }
  }
}
