import { type Dirent, lstatSync, readdirSync } from "node:fs";

/**
 * The entries of a directory; null when they cannot be read although the account could make them readable. One that only
 * somebody else could open has nothing for a sandbox either.
 */
export function readNames(directory: string): readonly Dirent[] | null {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    const owner = lstatSync(directory, { throwIfNoEntry: false })?.uid;
    return owner === undefined || owner !== process.getuid?.() ? [] : null;
  }
}
