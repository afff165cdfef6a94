import { lstatSync, realpathSync } from "node:fs";
import { Errno } from "../../host/errno.ts";
import type { Answer } from "../answer.ts";
import { joinPath, type NativePath, nativePath, parentPath, pathComponents } from "../native-path.ts";
import { errnoOf, invalidInput } from "../os-error.ts";
import { copyFile } from "./copy-file.ts";
import { copyLink } from "./copy-link.ts";
import { copyTree } from "./copy-tree.ts";

/** Copies a file, a link as a link, or with `recursive` a directory. */
export function copy(
  source: NativePath,
  destination: NativePath,
  { recursive }: { readonly recursive: boolean },
): Answer<void> {
  const found = lstatSync(source);
  if (found.isDirectory()) {
    if (!recursive) throw invalidInput("fs/copy requires recursive: true when sourcePath is a directory");
    if (contains(source, destination)) {
      throw invalidInput("fs/copy cannot copy a directory to itself or one of its descendants");
    }
    return copyTree(source, destination);
  }
  if (found.isSymbolicLink()) return copyLink(source, destination);
  if (found.isFile()) return copyFile(source, destination);
  throw invalidInput("fs/copy only supports regular files, directories, and symlinks");
}

/** The destination is the directory itself or would come to lie in it, whatever links lead there. */
function contains(directory: NativePath, destination: NativePath): boolean {
  const outer = pathComponents(nativePath(realpathSync.native(directory, { encoding: "buffer" })));
  const inner = pathComponents(resolveExisting(destination));
  return outer.every((name, index) => sameName(name, inner[index]));
}

/** The real path of the part that exists, and the rest as it is. */
function resolveExisting(path: NativePath): NativePath {
  try {
    return nativePath(realpathSync.native(path, { encoding: "buffer" }));
  } catch (cause) {
    const name = pathComponents(path).at(-1);
    if (errnoOf(cause) !== Errno.ENOENT || name === undefined) throw cause;
    return joinPath(resolveExisting(parentPath(path)), name);
  }
}

function sameName(one: NativePath, other: NativePath | undefined): boolean {
  return other !== undefined && Buffer.from(one).equals(Buffer.from(other));
}
