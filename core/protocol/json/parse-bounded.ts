import { limits } from "../../limits.ts";

const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** A text has more values, or nests them deeper, than any message. */
export class JsonExcessError extends Error {
  override readonly name = "JsonExcessError";
}

/**
 * JSON.parse with limits on values and nesting that are looked at first: it makes forty bytes of each byte of `[[[[`, so
 * that one message of a peer could take gigabytes. Throws SyntaxError or {@link JsonExcessError}.
 */
export function parseBounded(text: string): unknown {
  const excess = text.length <= limits.jsonHarmlessLength ? undefined : excessOf(text);
  if (excess !== undefined) throw new JsonExcessError(excess);
  return JSON.parse(text);
}

/** What there is too much of. Text that is no JSON may pass: JSON.parse finds that out. */
function excessOf(text: string): string | undefined {
  let values = 1;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case quote:
        at = endOfString(text, at);
        break;
      case openBracket:
      case openBrace:
        values += 1;
        depth += 1;
        if (depth > limits.jsonDepth) return `it is nested more than ${limits.jsonDepth} levels deep`;
        break;
      case closeBracket:
      case closeBrace:
        depth -= 1;
        break;
      case comma:
        values += 1;
        if (values > limits.answerJsonValues) return `it has more than ${limits.answerJsonValues} values`;
        break;
    }
  }
  return undefined;
}

/** Where the string ends that begins at `start`; the text's end where it does not. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}
