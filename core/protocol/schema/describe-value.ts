import { cutText } from "../cut-text.ts";
import { NonInteger } from "../json/json-value.ts";

const unprintable = /(?! )[\p{C}\p{Z}\p{Grapheme_Extend}]/u;
const named = new Map([
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\0", "\\0"],
  ['"', '\\"'],
  ["\\", "\\\\"],
]);

/** A JSON value as serde names it in an error: its kind, with the value of strings and booleans. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "string") return `string ${quote(value)}`;
  if (typeof value === "boolean") return `boolean \`${value}\``;
  if (typeof value === "number" || typeof value === "bigint" || value instanceof NonInteger) return "number";
  return Array.isArray(value) ? "sequence" : "map";
}

/** The same where serde has buffered the value before it looked at it: it then tells kinds of numbers apart. */
export function describeBuffered(value: unknown): string {
  if (value instanceof NonInteger) return `floating point \`${value.text}\``;
  return typeof value === "number" || typeof value === "bigint"
    ? `integer \`${value}\``
    : describeValue(value);
}

/** A string as Rust's Debug prints it. */
function quote(text: string): string {
  let quoted = "";
  for (const character of cutText(text)) {
    const code = character.codePointAt(0) ?? 0;
    quoted += named.get(character) ?? (unprintable.test(character) ? `\\u{${code.toString(16)}}` : character);
  }
  return `"${quoted}"`;
}
