import { nearest } from "../../core/environment/nearest-word.ts";

/** `, did you mean X?`, or nothing when no candidate is near. */
export function suggestion(word: string, candidates: Iterable<string>): string {
  const found = nearest(word, candidates);
  return found === undefined ? "" : `, did you mean ${found}?`;
}
