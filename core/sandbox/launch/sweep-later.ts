import { existsSync } from "node:fs";
import { limits } from "../../limits.ts";
import { type Placeholder, sweepPlaceholder } from "./placeholder.ts";

const waiting = new Map<string, Omit<Placeholder, "descriptor">>();
let timer: NodeJS.Timeout | undefined;

/**
 * Looks again, less and less often, after placeholders that stand although their sandbox has ended: somebody else holds
 * them. Who shares our registry removes them himself; another account does not.
 */
export function sweepLater(placeholders: readonly Placeholder[]): void {
  for (const { path, kind, entry } of placeholders) {
    if (existsSync(entry)) waiting.set(entry, { path, kind, entry });
  }
  if (waiting.size > 0) plan(limits.placeholderSweepFirstMs);
}

function plan(delayMs: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => sweep(delayMs), delayMs);
  timer.unref();
}

function sweep(delayMs: number): void {
  for (const [entry, left] of waiting) {
    sweepPlaceholder(left);
    if (!existsSync(entry)) waiting.delete(entry);
  }
  if (waiting.size > 0) plan(Math.min(delayMs * 2, limits.placeholderSweepLongestMs));
}
