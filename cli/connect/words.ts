/** A quote without its end. */
export class OpenQuoteError extends Error {
  override readonly name = "OpenQuoteError";
}

/**
 * Cuts the text of a dot-command into words: spaces part them, '…' and "…" and a backslash keep what they hold. Nothing
 * is expanded. Throws {@link OpenQuoteError}.
 */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (quote !== undefined) {
      if (char === quote) quote = undefined;
      else if (char === "\\" && quote === '"') word = (word ?? "") + (text[++at] ?? "");
      else word = (word ?? "") + char;
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === "'" || char === '"') {
      quote = char;
      word ??= "";
    } else if (char === "\\") word = (word ?? "") + (text[++at] ?? "");
    else word = (word ?? "") + char;
  }
  if (quote !== undefined) throw new OpenQuoteError(`a ${quote} has no end`);
  if (word !== undefined) words.push(word);
  return words;
}

/** A word as {@link splitWords} reads it back. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : word.replace(/[^\w@%+=:,./~-]/gu, "\\$&");
}
