const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lossy = new TextDecoder("utf-8", { ignoreBOM: true });
const replacement = "\ufffd";

/** The text of UTF-8 `bytes` (a byte order mark is kept), or `undefined` when they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Why `bytes`, which are not UTF-8, are no JSON: serde's sentence, whose position is the end of the string
 * that holds the first bad byte (lines from 1, columns in bytes).
 */
export function describeBadUtf8(bytes: Uint8Array): string {
  const bad = firstBadByte(bytes);
  const quote = bytes.indexOf(0x22, bad);
  const end = quote < 0 ? bytes.length : quote + 1;
  let line = 1;
  let lineStart = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0 && at < bad; at = bytes.indexOf(0x0a, at + 1)) {
    line++;
    lineStart = at + 1;
  }
  return `invalid unicode code point at line ${line} column ${end - lineStart}`;
}

/** Every replacement character of a lossy decoding that was not in the bytes marks a bad one. */
function firstBadByte(bytes: Uint8Array): number {
  const text = lossy.decode(bytes);
  let offset = 0;
  let from = 0;
  for (;;) {
    const at = text.indexOf(replacement, from);
    if (at < 0) return bytes.length;
    offset += Buffer.byteLength(text.slice(from, at));
    const genuine = bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd;
    if (!genuine) return offset;
    offset += 3;
    from = at + 1;
  }
}
