/** One printable line about an error. Control characters, which may come from the other side, are spelled out. */
export function describeError(error: unknown): string {
  return printable(error instanceof Error ? error.message : String(error));
}

/** Text with its control characters (C0, DEL, C1, and the bidirectional overrides) written as `\u{..}`. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u{${character.charCodeAt(0).toString(16)}}`;
  });
}
