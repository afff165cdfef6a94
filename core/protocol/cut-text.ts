import { limits } from "../limits.ts";

/** Text for an error: what is beyond the limit is cut, and said to be. */
export function cutText(text: string): string {
  if (text.length <= limits.errorTextCharacters) return text;
  return `${text.slice(0, limits.errorTextCharacters).toWellFormed()}… (${text.length} characters)`;
}
