import type { Cursor } from "./cursor.ts";
import { NonInteger } from "./json-value.ts";

const plus = 0x2b;
const minus = 0x2d;
const dot = 0x2e;
const zero = 0x30;
const nine = 0x39;
const upperE = 0x45;
const lowerE = 0x65;

/** Digits that a double holds exactly whatever they are. */
const exactDigits = 15;
const maxU64 = 18_446_744_073_709_551_615n;
const minI64 = -9_223_372_036_854_775_808n;

/** Reads the number literal at the cursor, which is at a digit or a minus. */
export function readNumber(cursor: Cursor): number | bigint | NonInteger {
  const { text } = cursor;
  const start = cursor.at;
  const negative = text.charCodeAt(start) === minus;
  const firstDigit = negative ? start + 1 : start;
  let at = firstDigit;
  let value = 0;
  let unit = text.charCodeAt(at);
  while (unit >= zero && unit <= nine) {
    value = value * 10 + (unit - zero);
    at += 1;
    unit = text.charCodeAt(at);
  }
  const digits = at - firstDigit;
  const leadingZero = digits > 1 && text.charCodeAt(firstDigit) === zero;
  cursor.at = leadingZero ? firstDigit + 1 : at;
  if (digits === 0 || leadingZero) throw cursor.unexpected("invalid number", "EOF while parsing a value");
  if (unit === dot || unit === lowerE || unit === upperE) return readNonInteger(cursor, start);
  if (digits <= exactDigits) return negative && value !== 0 ? -value : value;
  return exactInteger(text.slice(start, at));
}

function readNonInteger(cursor: Cursor, start: number): NonInteger {
  const { text } = cursor;
  if (text.charCodeAt(cursor.at) === dot) {
    cursor.at += 1;
    skipDigits(cursor);
  }
  const unit = text.charCodeAt(cursor.at);
  if (unit === lowerE || unit === upperE) {
    cursor.at += 1;
    const sign = text.charCodeAt(cursor.at);
    if (sign === plus || sign === minus) cursor.at += 1;
    skipDigits(cursor);
  }
  return new NonInteger(text.slice(start, cursor.at));
}

/** At least one. */
function skipDigits(cursor: Cursor): void {
  const start = cursor.at;
  let unit = cursor.text.charCodeAt(start);
  while (unit >= zero && unit <= nine) {
    cursor.at += 1;
    unit = cursor.text.charCodeAt(cursor.at);
  }
  if (cursor.at === start) throw cursor.unexpected("invalid number", "EOF while parsing a value");
}

function exactInteger(literal: string): number | bigint | NonInteger {
  // The longest of 64 bits has 20 characters; to work out more would only cost time.
  if (literal.length > 20) return new NonInteger(literal);
  const value = Number(literal);
  if (Number.isSafeInteger(value)) return value;
  const exact = BigInt(literal);
  return exact > maxU64 || exact < minI64 ? new NonInteger(literal) : exact;
}
