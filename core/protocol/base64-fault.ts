import { once } from "./schema/once.ts";

const equals = 0x3d;
/** The six bits of each ASCII byte; bytes outside the alphabet have none. */
const morsels = once(
  () =>
    new Map(
      Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", (symbol, bits) => [
        symbol.charCodeAt(0),
        bits,
      ]),
    ),
);

/**
 * What keeps `bytes` from being canonical base64, in the words and the order of Rust's base64 crate; null when
 * nothing does. Runs only over text that a decoder has refused, so it may be slow.
 */
export function base64Fault(bytes: Uint8Array): string | null {
  const { length } = bytes;
  const last = bytes.at(-1);
  // A byte too many is most often a line end, so that one is looked at first.
  if (length % 4 === 1 && last !== equals && !isSymbol(last)) return invalidSymbol(bytes, length - 1);
  const tail = length === 0 ? 0 : length - (length % 4 || 4);
  for (let at = 0; at < tail; at++) {
    if (!isSymbol(bytes[at])) return invalidSymbol(bytes, at);
  }
  return tailFault(bytes, tail);
}

/** The fault of the last group, which begins at `tail` and may hold padding. */
function tailFault(bytes: Uint8Array, tail: number): string | null {
  const firstPadding = bytes.indexOf(equals, tail);
  const symbols = (firstPadding === -1 ? bytes.length : firstPadding) - tail;
  for (let at = tail; at < tail + symbols; at++) {
    if (!isSymbol(bytes[at])) return invalidSymbol(bytes, at);
  }
  const padding = bytes.subarray(tail + symbols);
  if (padding.length > 0 && (symbols < 2 || padding.some((byte) => byte !== equals))) {
    return invalidSymbol(bytes, firstPadding);
  }
  if (bytes.length === 0) return null;
  if (symbols < 2) return `Invalid input length: ${tail + symbols}`;
  if (symbols + padding.length !== 4) return "Invalid padding";
  const lastSymbol = tail + symbols - 1;
  const unusedBits = symbols === 2 ? 0b1111 : symbols === 3 ? 0b11 : 0;
  const lastBits = morsels().get(bytes[lastSymbol] ?? -1) ?? 0;
  if ((lastBits & unusedBits) === 0) return null;
  return `Invalid last symbol ${bytes[lastSymbol]}, offset ${lastSymbol}.`;
}

function isSymbol(byte: number | undefined): boolean {
  return byte !== undefined && morsels().has(byte);
}

function invalidSymbol(bytes: Uint8Array, at: number): string {
  return `Invalid symbol ${bytes[at]}, offset ${at}.`;
}
