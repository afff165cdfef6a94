import { type Dirent, promises, readdirSync, type Stats, statSync } from "node:fs";
import { Errno } from "../../host/errno.ts";
import { limits } from "../../limits.ts";
import { ErrorCode, RpcError } from "../../protocol/rpc-error.ts";
import { type Answer, andThen } from "../answer.ts";
import type { DirectoryEntry } from "../file-system.ts";
import { joinPath, mayHaveLostBytes, type NativePath } from "../native-path.ts";
import { osFailure } from "../os-error.ts";

/** The entries of a directory in the order of the OS. A link tells of its target; one without a target is left out. */
export function readDirectory(path: NativePath): Answer<readonly DirectoryEntry[]> {
  const found = statSync(path);
  if (!found.isDirectory()) throw osFailure(Errno.ENOTDIR);
  return andThen(readNames(path, found), (names) => describe(path, names));
}

function readNames(path: NativePath, found: Stats): Answer<Dirent[]> {
  const small = found.size <= limits.fsSynchronousDirectoryBytes;
  return small ? readdirSync(path, { withFileTypes: true }) : promises.readdir(path, { withFileTypes: true });
}

function describe(path: NativePath, names: readonly Dirent[]): DirectoryEntry[] {
  // Bytes were lost: the names themselves are needed to look at what they name.
  if (names.some(({ name }) => mayHaveLostBytes(name))) return describeByBytes(path);
  const entries = names.flatMap((entry) => {
    if (!needsLook(entry)) return [describeAs(entry.name, entry)];
    return look(joinPath(path, entry.name), entry.name);
  });
  return checkCount(entries);
}

function describeByBytes(path: NativePath): DirectoryEntry[] {
  const names = readdirSync(path, { encoding: "buffer" });
  return checkCount(names.flatMap((name) => look(joinPath(path, name), name.toString("utf8"))));
}

/** Links, and what the file system gave no type for. */
function needsLook(entry: Dirent): boolean {
  return !entry.isFile() && !entry.isDirectory() && !entry.isFIFO() && !entry.isSocket();
}

function look(path: NativePath, name: string): DirectoryEntry[] {
  try {
    return [describeAs(name, statSync(path))];
  } catch {
    return [];
  }
}

function describeAs(fileName: string, kind: Pick<Dirent, "isDirectory" | "isFile">): DirectoryEntry {
  return { fileName, isDirectory: kind.isDirectory(), isFile: kind.isFile() };
}

function checkCount(entries: DirectoryEntry[]): DirectoryEntry[] {
  const { fsDirectoryEntries } = limits;
  if (entries.length <= fsDirectoryEntries) return entries;
  const reason = `fs/readDirectory returned ${entries.length} entries; limit is ${fsDirectoryEntries}`;
  throw new RpcError(ErrorCode.internal, reason);
}
