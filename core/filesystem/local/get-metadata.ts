import { lstatSync, type Stats, statSync } from "node:fs";
import type { FileMetadata } from "../../protocol/results.ts";
import type { FollowOption } from "../file-system.ts";
import type { NativePath } from "../native-path.ts";
import { normalizedComponents, pinParent } from "../no-follow/pinned-parent.ts";
import { invalidInput } from "../os-error.ts";

/** What a path is. A link tells of its target, and that it is a link. */
export function getMetadata(path: NativePath, { followSymlinks = true }: FollowOption): FileMetadata {
  if (!followSymlinks) return metadataOf(statNoFollow(path), false);
  const own = lstatSync(path);
  return own.isSymbolicLink() ? metadataOf(statSync(path), true) : metadataOf(own, false);
}

function statNoFollow(path: NativePath): Stats {
  if (normalizedComponents(path).length === 0) return lstatSync("/");
  using parent = pinParent(path);
  const found = lstatSync(parent.entry);
  if (found.isSymbolicLink()) throw invalidInput("path contains a symbolic link");
  return found;
}

/** What the wire says of a file. */
export function metadataOf(found: Stats, isSymlink: boolean): FileMetadata {
  return {
    isDirectory: found.isDirectory(),
    isFile: found.isFile(),
    isSymlink,
    size: found.size,
    createdAtMs: Math.floor(found.birthtimeMs),
    modifiedAtMs: Math.floor(found.mtimeMs),
  };
}
