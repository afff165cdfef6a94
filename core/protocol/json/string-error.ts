import type { Cursor } from "./cursor.ts";
import type { JsonSyntaxError } from "./json-syntax-error.ts";

const quote = '"';
const simpleEscapes = new Set('"\\/bfnrt');
const fourHexDigits = /^[0-9a-fA-F]{4}$/;

/**
 * Says what is wrong with the string literal whose content begins at the cursor, and moves the cursor there.
 * Runs only after a literal has failed, so it may be slow.
 */
export function findStringError(cursor: Cursor): JsonSyntaxError {
  const { text } = cursor;
  while (cursor.at < text.length) {
    const character = text.charAt(cursor.at);
    if (character === quote) break;
    cursor.at += 1;
    if (character < " ") {
      return cursor.refused("control character (\\u0000-\\u001F) found while parsing a string");
    }
    const error = character === "\\" ? findEscapeError(cursor) : null;
    if (error !== null) return error;
  }
  cursor.at = text.length;
  return unended(cursor);
}

/** Moves over one escape (its backslash is behind the cursor), or gives its error. */
function findEscapeError(cursor: Cursor): JsonSyntaxError | null {
  if (cursor.at >= cursor.text.length) return unended(cursor);
  const kind = cursor.text.charAt(cursor.at);
  cursor.at += 1;
  if (simpleEscapes.has(kind)) return null;
  if (kind !== "u") return cursor.refused("invalid escape");
  const first = readHex(cursor);
  if (typeof first !== "number") return first;
  if (first < 0xd800 || first > 0xdfff) return null;
  if (first >= 0xdc00) return cursor.refused("lone leading surrogate in hex escape");
  for (const expected of "\\u") {
    if (cursor.at >= cursor.text.length) return unended(cursor);
    cursor.at += 1;
    if (cursor.text.charAt(cursor.at - 1) !== expected) return cursor.refused("unexpected end of hex escape");
  }
  const second = readHex(cursor);
  if (typeof second !== "number") return second;
  if (second >= 0xdc00 && second <= 0xdfff) return null;
  return cursor.refused("lone leading surrogate in hex escape");
}

function readHex(cursor: Cursor): number | JsonSyntaxError {
  const digits = cursor.text.slice(cursor.at, cursor.at + 4);
  cursor.at += digits.length;
  if (digits.length < 4) return unended(cursor);
  return fourHexDigits.test(digits) ? Number.parseInt(digits, 16) : cursor.refused("invalid escape");
}

function unended(cursor: Cursor): JsonSyntaxError {
  return cursor.refused("EOF while parsing a string");
}
