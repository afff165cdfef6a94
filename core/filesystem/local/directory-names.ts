import { type Dirent, lstatSync, promises } from "node:fs";
import { joinPath, mayHaveLostBytes, type NativePath, nativePath } from "../native-path.ts";

/** A name in a directory, and what the directory itself says it is. `other`: a FIFO or socket. */
export interface NamedEntry {
  readonly name: NativePath;
  readonly type: "file" | "directory" | "link" | "other" | "unknown";
}

/** The names of a directory, sorted by bytes; or why they could not be read. */
export type DirectoryNames =
  | { readonly kind: "read"; readonly entries: NamedEntry[] }
  | { readonly kind: "failed"; readonly cause: unknown };

/** Never rejects, so that it may be started before its answer is wanted. */
export async function readNames(path: NativePath): Promise<DirectoryNames> {
  try {
    const entries = await promises.readdir(path, { withFileTypes: true });
    const lossy = entries.some(({ name }) => mayHaveLostBytes(name));
    return { kind: "read", entries: sort(lossy ? await readBytes(path) : entries.map(toEntry)) };
  } catch (cause) {
    return { kind: "failed", cause };
  }
}

async function readBytes(path: NativePath): Promise<NamedEntry[]> {
  const names = await promises.readdir(path, { encoding: "buffer" });
  return names.map((name) => {
    const found = lstatSync(joinPath(path, name), { throwIfNoEntry: false });
    return { name: nativePath(name), type: found === undefined ? "unknown" : typeOf(found) };
  });
}

function toEntry(entry: Dirent): NamedEntry {
  return { name: entry.name, type: typeOf(entry) };
}

function typeOf(
  kind: Pick<Dirent, "isFile" | "isDirectory" | "isSymbolicLink" | "isFIFO" | "isSocket">,
): NamedEntry["type"] {
  if (kind.isFile()) return "file";
  if (kind.isDirectory()) return "directory";
  if (kind.isSymbolicLink()) return "link";
  return kind.isFIFO() || kind.isSocket() ? "other" : "unknown";
}

/** By the bytes of the names. UTF-16 order is the same where no name has surrogates or what comes after them. */
function sort(entries: NamedEntry[]): NamedEntry[] {
  const plain = entries.every(({ name }) => typeof name === "string" && !/[\uD800-\uFFFF]/.test(name));
  if (plain) return entries.sort(({ name: a }, { name: b }) => (a < b ? -1 : 1));
  return entries.sort(({ name: a }, { name: b }) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
