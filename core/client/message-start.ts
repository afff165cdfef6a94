import { parseBounded } from "../protocol/json/parse-bounded.ts";

/** How many places of a line are tried. */
const tries = 8;

/**
 * Where the first message begins in a line: what a login printed without a line end stands before it. -1 where there is
 * none.
 */
export function messageStart(line: string): number {
  let at = -1;
  for (let tried = 0; tried < tries; tried++) {
    at = line.indexOf("{", at + 1);
    if (at < 0) return -1;
    if (isObject(line.slice(at))) return at;
  }
  return -1;
}

function isObject(text: string): boolean {
  try {
    parseBounded(text);
    return true;
  } catch {
    return false;
  }
}
