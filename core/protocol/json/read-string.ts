import type { Cursor } from "./cursor.ts";
import { findStringError } from "./string-error.ts";

const space = 0x20;
const quote = 0x22;
const backslash = 0x5c;
const control = /[\u0000-\u001f]/;

/** Up to here a string is scanned unit by unit; beyond it native searches win. */
const shortString = 256;

/**
 * A slice keeps the whole text alive. Beyond this length of the text, strings are copied out of it instead, except
 * one that is most of it.
 */
const longText = 32 * 1024;

/** Reads the string literal whose opening quote is at the cursor. */
export function readString(cursor: Cursor): string {
  const { text } = cursor;
  const start = cursor.at + 1;
  const scanEnd = start + shortString;
  for (let at = start; at < scanEnd; at++) {
    const unit = text.charCodeAt(at);
    if (unit === quote) {
      if (text.length > longText) break;
      cursor.at = at + 1;
      return text.slice(start, at);
    }
    // The last test is false for NaN, the end of the text, too.
    if (unit === backslash || !(unit >= space)) break;
  }
  return readNatively(cursor, start);
}

/** Finds the literal's end with native searches; what is not taken as it stands is decoded by JSON.parse. */
function readNatively(cursor: Cursor, start: number): string {
  const { text } = cursor;
  const escapeAt = cursor.findBackslash(start);
  const end = findQuote(cursor, start);
  const isMostOfText = (end - start) * 2 > text.length && end < text.length;
  if (isMostOfText && escapeAt > end) {
    const value = text.slice(start, end);
    if (!control.test(value)) {
      cursor.at = end + 1;
      return value;
    }
  }
  try {
    // A JSON string literal parses to a string.
    const value = JSON.parse(text.slice(start - 1, end + 1)) as string;
    if (value.isWellFormed()) {
      cursor.at = end + 1;
      return value;
    }
  } catch {
    // The search below finds the words for it.
  }
  cursor.at = start;
  throw findStringError(cursor);
}

/** The position of the closing quote, or the text's length. */
function findQuote(cursor: Cursor, start: number): number {
  const { text } = cursor;
  let end = text.indexOf('"', start);
  let escapeAt = cursor.findBackslash(start);
  while (end !== -1 && escapeAt < end) {
    const from = escapeAt + 2;
    if (from > end) end = text.indexOf('"', from);
    escapeAt = cursor.findBackslash(from);
  }
  return end === -1 ? text.length : end;
}
