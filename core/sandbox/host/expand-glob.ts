import { limits } from "../../limits.ts";
import type { DenyGlob } from "../plan/deny-glob.ts";
import { beginGlob, type GlobProgress, stepGlob } from "../plan/glob-matches.ts";
import type { Expansion } from "../plan/host-facts.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";
import { atOnce, type Look } from "./look.ts";
import { type HostName, readNames } from "./read-names.ts";

/**
 * Looks below a glob's base for what matches now. Links are not followed, hidden names count. No further directory is looked
 * into after `most` entries.
 */
export function expandGlob(glob: DenyGlob, maxDepth: number | null, most?: number): Expansion {
  return atOnce(expansion(glob, maxDepth, most));
}

/** The same as a search that can pause. */
export function* expansion(
  glob: DenyGlob,
  maxDepth: number | null,
  most: number = limits.sandboxScanEntries,
): Look<Expansion> {
  const matches: string[] = [];
  const unscanned: string[] = [];
  let looked = 0;
  const skip = (path: HostName) => {
    if (unscanned.length < limits.sandboxPathsNamed) unscanned.push(String(path));
  };
  const look = function* (directory: HostName, depth: number, progress: GlobProgress): Look<void> {
    if (looked >= most || (maxDepth !== null && depth > maxDepth)) {
      skip(directory);
      return;
    }
    const names = readNames(directory);
    if (names === null) return skip(directory);
    looked += names.length;
    yield;
    for (const [index, { name, path, kind }] of names.entries()) {
      if (index % limits.fsEntriesPerTurn === limits.fsEntriesPerTurn - 1) yield;
      const next = stepGlob(glob, progress, name);
      if (next.matched) {
        if (matches.length === limits.sandboxGlobMatches) {
          throw new SandboxRefusal(
            `unreadable glob expansion for ${glob.base} matched more than ${limits.sandboxGlobMatches} paths`,
          );
        }
        // No rule can speak of bytes that are no text.
        if (typeof path === "string") matches.push(path);
        else skip(path);
      } else if (kind === "directory" && next.progress.length > 0)
        yield* look(path, depth + 1, next.progress);
    }
  };
  yield* look(glob.base, 1, beginGlob(glob));
  return { matches, unscanned };
}
