import type { BigIntStats } from "node:fs";

/** Tells whether a file is still the one that was looked at: changes with its content, its owner and its mode. */
export function fileIdentity(stats: BigIntStats): string {
  return [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(":");
}
