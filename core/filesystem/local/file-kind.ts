import type { Stats } from "node:fs";
import { Errno } from "../../host/errno.ts";
import { type NativePath, pathText } from "../native-path.ts";
import { invalidInput, osFailure } from "../os-error.ts";

/** Throws unless the path is a regular file. Run it before opening: opening a FIFO waits, and a device may act on it. */
export function requireRegular(found: Stats, path: NativePath): void {
  if (found.isFile()) return;
  throw notRegular(found, path);
}

/** The reference's words; a socket cannot be opened at all. */
export function notRegular(found: Stats, path: NativePath): Error {
  if (found.isSocket()) return osFailure(Errno.ENXIO);
  return invalidInput(`path \`${pathText(path)}\` is not a file`);
}
