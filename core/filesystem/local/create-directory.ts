import { closeSync, mkdirSync, statSync } from "node:fs";
import { Errno } from "../../host/errno.ts";
import { ErrorCode, RpcError } from "../../protocol/rpc-error.ts";
import type { FollowOption } from "../file-system.ts";
import { joinPath, type NativePath, pathComponents } from "../native-path.ts";
import { entryOf, normalizedComponents, openChild, openRoot, pinParent } from "../no-follow/pinned-parent.ts";
import { errnoOf } from "../os-error.ts";

type CreateOptions = FollowOption & { readonly recursive?: boolean };

/** Makes a directory; `recursive` makes its parents too and is content with one that is there. */
export function createDirectory(path: NativePath, options: CreateOptions): void {
  const { recursive = true, followSymlinks = true } = options;
  if (!followSymlinks) return recursive ? makeAllNoFollow(path) : makeOneNoFollow(path);
  if (!recursive) return mkdirSync(path);
  makeAll(path);
}

function makeAll(path: NativePath): void {
  if (makeOrKeep(path)) return;
  // A parent is missing: from the top down, each one made where it is not there.
  let made: NativePath = "/";
  for (const name of pathComponents(path)) {
    made = joinPath(made, name);
    if (!makeOrKeep(made)) mkdirSync(made);
  }
}

/** True when the directory is there afterwards, false when its parent is missing. */
function makeOrKeep(path: NativePath): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (cause) {
    if (errnoOf(cause) === Errno.ENOENT) return false;
    if (isDirectory(path)) return true;
    throw cause;
  }
}

function isDirectory(path: NativePath): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function makeOneNoFollow(path: NativePath): void {
  if (normalizedComponents(path).length === 0) {
    throw new RpcError(ErrorCode.internal, "directory already exists");
  }
  using parent = pinParent(path);
  mkdirSync(parent.entry);
}

function makeAllNoFollow(path: NativePath): void {
  let directory = openRoot();
  try {
    for (const name of normalizedComponents(path)) {
      const parent = directory;
      directory = openOrMake(parent, name);
      closeSync(parent);
    }
  } finally {
    closeSync(directory);
  }
}

function openOrMake(parent: number, name: NativePath): number {
  try {
    return openChild(parent, name);
  } catch (cause) {
    if (errnoOf(cause) !== Errno.ENOENT) throw cause;
  }
  try {
    mkdirSync(entryOf(parent, name));
  } catch (cause) {
    // Somebody else made it first; opening tells what it is.
    if (errnoOf(cause) !== Errno.EEXIST) throw cause;
  }
  return openChild(parent, name);
}
