import { promises } from "node:fs";
import { joinPath, type NativePath, nativePath } from "../native-path.ts";
import { copyFile } from "./copy-file.ts";
import { copyLink } from "./copy-link.ts";
import { createDirectory } from "./create-directory.ts";

/** Copies a directory into `destination`, merging with what is there; other kinds than files and links are left out. */
export async function copyTree(source: NativePath, destination: NativePath): Promise<void> {
  createDirectory(destination, {});
  // One level at a time on an own stack: a deep tree must not use up the call stack.
  const pending: (readonly [NativePath, NativePath])[] = [[source, destination]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [from, to] = next;
    for (const name of await promises.readdir(from, { encoding: "buffer" })) {
      const entry = nativePath(name);
      const target = joinPath(to, entry);
      const path = joinPath(from, entry);
      if (await copyEntry(path, target)) pending.push([path, target]);
    }
  }
}

/** True for a directory: it has been made, and its entries are still to be copied. */
async function copyEntry(path: NativePath, target: NativePath): Promise<boolean> {
  const found = await promises.lstat(path);
  if (found.isDirectory()) {
    createDirectory(target, {});
    return true;
  }
  if (found.isFile()) await copyFile(path, target);
  else if (found.isSymbolicLink()) copyLink(path, target);
  return false;
}
