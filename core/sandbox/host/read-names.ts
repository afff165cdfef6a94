import { type Dirent, lstatSync, readdirSync } from "node:fs";

/**
 * The entries of a directory, none for what is none; null when they cannot be read although somebody in a sandbox could
 * come to read them. What only another account can open has nothing for a sandbox either.
 */
export function readNames(directory: string): readonly Dirent[] | null {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    if (code !== "EACCES") return null;
    return lstatSync(directory, { throwIfNoEntry: false })?.uid === process.geteuid?.() ? null : [];
  }
}
