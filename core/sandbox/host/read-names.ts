import { isUtf8 } from "node:buffer";
import { lstatSync, readdirSync } from "node:fs";

/** A path of this machine: bytes where some name in it is no UTF-8. */
export type HostName = string | Buffer;

/** An entry of a directory. */
export interface FoundName {
  /** For bytes that are no text something else stands here; {@link path} leads there all the same. */
  readonly name: string;
  readonly path: HostName;
  readonly kind: "directory" | "link" | "other";
}

/**
 * The entries of a directory, none for what is none; null when they cannot be read although somebody in a sandbox could
 * come to read them. What only another account can open has nothing for a sandbox either.
 */
export function readNames(directory: HostName): readonly FoundName[] | null {
  try {
    if (typeof directory !== "string") return readBytes(directory);
    const entries = readdirSync(directory, { withFileTypes: true });
    if (entries.some(({ name }) => name.includes("\ufffd"))) return readBytes(Buffer.from(directory));
    return entries.map((entry) => ({
      name: entry.name,
      path: `${directory}/${entry.name}`,
      kind: kindOf(entry),
    }));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    if (code !== "EACCES") return null;
    return lstatSync(directory, { throwIfNoEntry: false })?.uid === process.geteuid?.() ? null : [];
  }
}

/** The same where some name is no text. What has gone meanwhile is left out. */
function readBytes(directory: Buffer): readonly FoundName[] {
  return readdirSync(directory, { encoding: "buffer" }).flatMap((bytes) => {
    const path = Buffer.concat([directory, Buffer.from("/"), bytes]);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) return [];
    return [{ name: bytes.toString(), path: isUtf8(path) ? path.toString() : path, kind: kindOf(found) }];
  });
}

function kindOf(entry: { isDirectory(): boolean; isSymbolicLink(): boolean }): FoundName["kind"] {
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "link" : "other";
}
