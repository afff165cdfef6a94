import { lstatSync, promises, rmdirSync, type Stats, unlinkSync } from "node:fs";
import { Errno } from "../../host/errno.ts";
import { ErrorCode, RpcError } from "../../protocol/rpc-error.ts";
import type { Answer } from "../answer.ts";
import type { FollowOption, RemoveOptions } from "../file-system.ts";
import { type NativePath, pathComponents } from "../native-path.ts";
import { pinParent } from "../no-follow/pinned-parent.ts";
import { errnoOf, invalidInput } from "../os-error.ts";

/** Removes a file, a link (not its target) or a directory. */
export function remove(path: NativePath, options: FollowOption & RemoveOptions): Answer<void> {
  const { recursive = true, force = true, followSymlinks = true } = options;
  if (!followSymlinks) return removeNoFollow(path, { recursive, force });
  if (pathComponents(path).length === 0) throw invalidInput("fs/remove does not remove the root directory");
  return ignoreMissing(
    force,
    () => lstatSync(path),
    (found) => removeFound(path, found, recursive),
  );
}

function removeFound(path: NativePath, found: Stats, recursive: boolean): Answer<void> {
  if (!found.isDirectory()) return unlinkSync(path);
  try {
    rmdirSync(path);
  } catch (cause) {
    if (!recursive || errnoOf(cause) !== eNotEmpty) throw cause;
    return promises.rm(path, { recursive: true });
  }
}

function removeNoFollow(path: NativePath, options: Required<RemoveOptions>): Answer<void> {
  if (options.recursive) {
    throw new RpcError(ErrorCode.internal, "recursive no-follow removal is unsupported");
  }
  return ignoreMissing(
    options.force,
    () => pinParent(path),
    (parent) => {
      using pinned = parent;
      return ignoreMissing(
        options.force,
        () => lstatSync(pinned.entry),
        (found) => {
          if (found.isSymbolicLink()) throw invalidInput("path contains a symbolic link");
          return found.isDirectory() ? rmdirSync(pinned.entry) : unlinkSync(pinned.entry);
        },
      );
    },
  );
}

/** Looks for something and goes on with it; with `force`, that it is not there is fine. */
function ignoreMissing<T>(force: boolean, find: () => T, then: (found: T) => Answer<void>): Answer<void> {
  let found: T;
  try {
    found = find();
  } catch (cause) {
    if (force && errnoOf(cause) === Errno.ENOENT) return;
    throw cause;
  }
  return then(found);
}

const eNotEmpty = 39;
