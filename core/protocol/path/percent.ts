/** What stands escaped in a path of a URI. `|`, `^`, `[`, `]`, `'` and `~` do not. */
const escaped = /[\u0000-\u0020"#%<>?\\`{}\u007f-\uffff]/g;
const escapedInInput = /[\u0000-\u0020"#<>?`{}\u007f-\uffff]/g;

/** Escapes a native path. */
export function escapePath(path: string | Buffer): string {
  if (typeof path === "string" && path.search(escaped) === -1) return path;
  // Every byte is one character of Latin-1.
  return Buffer.from(path).toString("latin1").replace(escaped, escapeByte);
}

/** Escapes what a URI's path may not hold as it is; escapes that stand in it already are left alone. */
export function escapeSegment(segment: string): string {
  if (segment.search(escapedInInput) === -1) return segment;
  return Buffer.from(segment).toString("latin1").replace(escapedInInput, escapeByte);
}

/** Decodes escapes to bytes. A percent sign that is no escape stays. */
export function unescapeBytes(text: string): Buffer {
  return Buffer.from(
    Buffer.from(text)
      .toString("latin1")
      .replace(/%([0-9a-fA-F]{2})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16))),
    "latin1",
  );
}

function escapeByte(byte: string): string {
  return `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
