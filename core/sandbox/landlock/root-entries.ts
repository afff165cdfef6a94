import { readdirSync } from "node:fs";

/** Names in `/` that are no links: what a readable disk is made of, piece by piece. */
export function rootEntries(): readonly string[] {
  return readdirSync("/", { withFileTypes: true })
    .filter((entry) => !entry.isSymbolicLink())
    .map((entry) => entry.name);
}
