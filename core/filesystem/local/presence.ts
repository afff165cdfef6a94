import { lstatSync, type Stats } from "node:fs";
import { type NativePath, parentPath } from "../native-path.ts";

/** A path as it was when somebody looked at it. */
export interface Presence {
  /** Where its coming and going shows. */
  readonly directory: NativePath;
  /** Whether it is still the same: the same directory, or the same file with the same content. */
  isUnchanged(): boolean;
}

/** Null where nothing is there, or where looking is not allowed. */
export function notePresence(path: NativePath): Presence | null {
  const before = look(path);
  if (before === null) return null;
  return {
    directory: parentPath(path),
    isUnchanged: () => {
      const now = look(path);
      return now !== null && isSame(before, now);
    },
  };
}

function look(path: NativePath): Stats | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

function isSame(before: Stats, now: Stats): boolean {
  if (before.ino !== now.ino || before.dev !== now.dev) return false;
  // What happens inside a directory does not change the directory.
  return now.isDirectory() || (before.size === now.size && before.mtimeMs === now.mtimeMs);
}
