import { type Dirent, promises, readdirSync, type Stats, statSync } from "node:fs";
import { Errno } from "../../host/errno.ts";
import { limits } from "../../limits.ts";
import { ErrorCode, RpcError } from "../../protocol/rpc-error.ts";
import { type Answer, andThen } from "../answer.ts";
import type { DirectoryEntry } from "../file-system.ts";
import { joinPath, mayHaveLostBytes, type NativePath, nativePath, pathText } from "../native-path.ts";
import { osFailure } from "../os-error.ts";

/** The entries of a directory in the order of the OS. A link tells of its target; one without a target is left out. */
export function readDirectory(path: NativePath): Answer<readonly DirectoryEntry[]> {
  const found = statSync(path);
  if (!found.isDirectory()) throw osFailure(Errno.ENOTDIR);
  return listDirectory(path, found, (name) => statSync(joinPath(path, name)));
}

/** What a name in a directory leads to. Throws: it is left out. */
type LookAt = (name: NativePath) => Pick<Dirent, "isDirectory" | "isFile">;

/** The entries of a directory that `path` leads to; `lookAt` tells of links and of what the directory itself does not. */
export function listDirectory(
  path: NativePath,
  found: Stats,
  lookAt: LookAt,
): Answer<readonly DirectoryEntry[]> {
  return andThen(readNames(path, found), (names) => describe(path, names, lookAt));
}

function readNames(path: NativePath, found: Stats): Answer<Dirent[]> {
  const small = found.size <= limits.fsSynchronousDirectoryBytes;
  return small ? readdirSync(path, { withFileTypes: true }) : promises.readdir(path, { withFileTypes: true });
}

function describe(path: NativePath, names: readonly Dirent[], lookAt: LookAt): DirectoryEntry[] {
  // Bytes were lost: the names themselves are needed to look at what they name.
  if (names.some(({ name }) => mayHaveLostBytes(name))) return describeByBytes(path, lookAt);
  const entries = names.flatMap((entry) => {
    if (!needsLook(entry)) return [describeAs(entry.name, entry)];
    return look(entry.name, lookAt);
  });
  return checkCount(entries);
}

function describeByBytes(path: NativePath, lookAt: LookAt): DirectoryEntry[] {
  const names = readdirSync(path, { encoding: "buffer" });
  return checkCount(names.flatMap((name) => look(nativePath(name), lookAt)));
}

/** Links, and what the file system gave no type for. */
function needsLook(entry: Dirent): boolean {
  return !entry.isFile() && !entry.isDirectory() && !entry.isFIFO() && !entry.isSocket();
}

function look(name: NativePath, lookAt: LookAt): DirectoryEntry[] {
  try {
    return [describeAs(pathText(name), lookAt(name))];
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
