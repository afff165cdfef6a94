import { closeSync, lstatSync, readdirSync, rmdirSync, unlinkSync } from "node:fs";
import { Errno } from "../../../host/errno.ts";
import { ErrorCode, RpcError } from "../../../protocol/rpc-error.ts";
import type { FollowOption, RemoveOptions } from "../../file-system.ts";
import { joinPath, type NativePath, nativePath, pathComponents } from "../../native-path.ts";
import { entryOf, openDirectory } from "../../no-follow/pinned-parent.ts";
import { invalidInput, osFailure, toRpcError } from "../../os-error.ts";
import type { Judge } from "../judge.ts";
import { locate, type Place } from "../locate.ts";

/** Removes a file, a link (not its target) or a directory, if all of it may be. */
export function removeJudged(
  judge: Judge,
  path: NativePath,
  { recursive = true, force = true, followSymlinks = true }: FollowOption & RemoveOptions,
): void {
  if (pathComponents(path).length === 0) throw invalidInput("fs/remove does not remove the root directory");
  if (!followSymlinks && recursive) {
    throw new RpcError(ErrorCode.internal, "recursive no-follow removal is unsupported");
  }
  const place = find(() => locate(judge, path, followSymlinks ? "link" : "refuse"), force);
  if (place === null) return;
  try {
    removeFound(judge, place, { recursive, force, followSymlinks });
  } finally {
    place[Symbol.dispose]();
  }
}

/** Null: there is nothing to remove, and that is fine. */
function find(look: () => Place, force: boolean): Place | null {
  try {
    return look();
  } catch (cause) {
    if (force && toRpcError(cause).code === ErrorCode.notFound) return null;
    throw cause;
  }
}

function removeFound(
  judge: Judge,
  { entry, path, found }: Place,
  { recursive, force, followSymlinks }: Required<FollowOption & RemoveOptions>,
): void {
  if (found === undefined || !judge.isNamed(path)) {
    if (force) return;
    throw osFailure(Errno.ENOENT);
  }
  judge.requireWrite(path, true);
  if (!followSymlinks && found.isSymbolicLink()) throw invalidInput("path contains a symbolic link");
  if (!found.isDirectory()) return unlinkSync(entry);
  const narrower = judge.narrowerBelow(path);
  if (narrower !== null) judge.requireWrite(narrower, true);
  if (!recursive) return rmdirSync(entry);
  if (judge.judgesNames) check(judge, entry, path);
  removeTree(entry);
}

/** Refuses before anything is gone: some name below may be denied. */
function check(judge: Judge, entry: NativePath, path: NativePath): void {
  const directory = openDirectory(entry);
  try {
    for (const name of namesIn(directory)) {
      const child = entryOf(directory, name);
      const real = joinPath(path, name);
      judge.requireWrite(real, true);
      if (lstatSync(child, { throwIfNoEntry: false })?.isDirectory()) check(judge, child, real);
    }
  } finally {
    closeSync(directory);
  }
}

/** From the bottom up. Every directory is held open while its entries go, so no link can take its place. */
function removeTree(entry: NativePath): void {
  const directory = openDirectory(entry);
  try {
    for (const name of namesIn(directory)) {
      const child = entryOf(directory, name);
      if (lstatSync(child, { throwIfNoEntry: false })?.isDirectory()) removeTree(child);
      else unlinkSync(child);
    }
  } finally {
    closeSync(directory);
  }
  rmdirSync(entry);
}

function namesIn(directory: number): NativePath[] {
  return readdirSync(`/proc/self/fd/${directory}`, { encoding: "buffer" }).map((name) => nativePath(name));
}
