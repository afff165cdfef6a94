import { existsSync } from "node:fs";
import { limits } from "../../limits.ts";
import { type Placeholder, sweepPlaceholder } from "./placeholder.ts";

const waiting = new Set<string>();
let timer: NodeJS.Timeout | undefined;

/**
 * Looks again, less and less often, after placeholders that stand although their sandbox has ended: most are held by
 * other sandboxes, whose end takes them along; what is left by then goes here.
 */
export function sweepLater(placeholders: readonly Placeholder[]): void {
  for (const { entry } of placeholders) if (isLeft(entry)) waiting.add(entry);
  if (waiting.size > 0) plan(limits.placeholderSweepFirstMs);
}

function isLeft(entry: string): boolean {
  return entry !== "" && existsSync(entry);
}

function plan(delayMs: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => sweep(delayMs), delayMs);
  timer.unref();
}

function sweep(delayMs: number): void {
  for (const entry of waiting) {
    sweepPlaceholder(entry);
    if (!isLeft(entry)) waiting.delete(entry);
  }
  if (waiting.size > 0) plan(Math.min(delayMs * 2, limits.placeholderSweepLongestMs));
}
