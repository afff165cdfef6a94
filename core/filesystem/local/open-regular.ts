import { closeSync, constants, fstatSync, lstatSync, openSync, type Stats, statSync } from "node:fs";
import { Errno } from "../../host/errno.ts";
import type { NativePath } from "../native-path.ts";
import { pinParent } from "../no-follow/pinned-parent.ts";
import { invalidInput, osFailure } from "../os-error.ts";
import { requireRegular } from "./file-kind.ts";

/** Never waits (a FIFO may have been swapped in) and never makes a terminal ours. */
export const openFlags = constants.O_NONBLOCK | constants.O_NOCTTY;

/** A descriptor of a regular file and what it was when it was opened. The caller closes it. */
export interface OpenedFile {
  readonly descriptor: number;
  readonly found: Stats;
}

/** Opens a regular file for reading; anything else is refused without being opened. */
export function openForReading(path: NativePath, followSymlinks: boolean): OpenedFile {
  if (!followSymlinks) return openNoFollow(path);
  requireRegular(statSync(path), path);
  const descriptor = openSync(path, constants.O_RDONLY | openFlags);
  return checkOpened(descriptor, (found) => requireRegular(found, path));
}

function openNoFollow(path: NativePath): OpenedFile {
  using parent = pinParent(path);
  return openEntry(parent.entry, requirePlain);
}

/** Opens a regular file for reading without following it; `require` refuses what is none. `before`: what was found there. */
export function openEntry(
  entry: NativePath,
  require: (found: Stats) => void,
  before: Stats = lstatSync(entry),
): OpenedFile {
  if (before.isSymbolicLink()) throw osFailure(Errno.ELOOP);
  if (before.isSocket()) throw osFailure(Errno.ENXIO);
  require(before);
  const descriptor = openSync(entry, constants.O_RDONLY | constants.O_NOFOLLOW | openFlags);
  return checkOpened(descriptor, require);
}

/** Runs a check on what was really opened, and closes it when the check throws. */
export function checkOpened(descriptor: number, check: (found: Stats) => void): OpenedFile {
  try {
    const found = fstatSync(descriptor);
    check(found);
    return { descriptor, found };
  } catch (cause) {
    closeSync(descriptor);
    throw cause;
  }
}

/** The no-follow methods do not name the path. */
export function requirePlain(found: Stats): void {
  if (!found.isFile()) throw invalidInput("path is not a regular file");
}
