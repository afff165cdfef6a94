import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  openSync,
  promises,
  renameSync,
  type Stats,
  unlinkSync,
} from "node:fs";
import { Errno } from "../../host/errno.ts";
import { limits } from "../../limits.ts";
import type { Answer } from "../answer.ts";
import { sameAttributes } from "../native/extended-attributes.ts";
import { joinPath, type NativePath, parentPath } from "../native-path.ts";
import { errnoOf } from "../os-error.ts";
import { writeFully } from "./descriptor-io.ts";
import { markUnfinished } from "./unfinished-files.ts";

const createFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** The file that is replaced, held open for writing: so its owner's permission is asked as for writing in place. */
export interface Replaced {
  readonly descriptor: number;
  readonly found: Stats;
}

/** `impossible`: the directory does not let us; nothing was changed and writing in place is left. */
export type Replacement = "done" | "impossible";

/**
 * Writes the content to a new file beside `target` and gives it the name in one step, so that a reader, a full disk or
 * a killed server sees the old content or the new, never a part. There is no fsync: it would cost milliseconds a
 * write, and the reference does not promise it; ext4 and btrfs themselves write the data before such a rename.
 */
export function replaceFile(
  target: NativePath,
  bytes: Uint8Array,
  old: Replaced | null,
): Answer<Replacement> {
  const temporary = joinPath(parentPath(target), temporaryName());
  const descriptor = create(temporary, old);
  if (descriptor === null) return "impossible";
  const large = bytes.byteLength > limits.fsSynchronousBytes;
  return large
    ? fillLarge({ temporary, descriptor, target }, bytes)
    : fill({ temporary, descriptor, target }, bytes);
}

interface Staged {
  readonly temporary: NativePath;
  readonly descriptor: number;
  readonly target: NativePath;
}

function fill(staged: Staged, bytes: Uint8Array): Replacement {
  try {
    writeFully(staged.descriptor, bytes, null);
  } catch (cause) {
    discard(staged.temporary);
    throw cause;
  } finally {
    closeSync(staged.descriptor);
  }
  try {
    renameSync(staged.temporary, staged.target);
    return "done";
  } catch (cause) {
    return giveUpRename(staged, cause);
  }
}

/** The rename of much fresh data starts its write-out (ext4), so it too stays off the main thread. */
async function fillLarge(staged: Staged, bytes: Uint8Array): Promise<Replacement> {
  using _mark = markUnfinished(staged.temporary);
  try {
    await writeFully(staged.descriptor, bytes, null);
  } catch (cause) {
    discard(staged.temporary);
    throw cause;
  } finally {
    closeSync(staged.descriptor);
  }
  try {
    await promises.rename(staged.temporary, staged.target);
    return "done";
  } catch (cause) {
    return giveUpRename(staged, cause);
  }
}

function giveUpRename({ temporary }: Staged, cause: unknown): Replacement {
  discard(temporary);
  if (isDiskTrouble(cause)) throw cause;
  return "impossible";
}

/** Makes the temporary file and gives it everything the old one has; null where that cannot be. */
function create(temporary: NativePath, old: Replaced | null): number | null {
  const mode = old === null ? 0o666 : old.found.mode & 0o777;
  let descriptor: number;
  try {
    descriptor = openSync(temporary, createFlags, mode);
  } catch (cause) {
    if (isDiskTrouble(cause)) throw cause;
    return null;
  }
  try {
    if (old === null || adopt(descriptor, old)) return descriptor;
  } catch (cause) {
    closeSync(descriptor);
    discard(temporary);
    throw cause;
  }
  closeSync(descriptor);
  discard(temporary);
  return null;
}

/** Owner, group, mode and attributes of the old file. False: they cannot be kept. */
function adopt(descriptor: number, { descriptor: oldDescriptor, found: old }: Replaced): boolean {
  const fresh = fstatSync(descriptor);
  if (fresh.uid !== old.uid || fresh.gid !== old.gid) {
    try {
      fchownSync(descriptor, old.uid, old.gid);
    } catch {
      return false;
    }
  }
  if ((fresh.mode & 0o7777) !== (old.mode & 0o7777)) fchmodSync(descriptor, old.mode & 0o7777);
  return sameAttributes(descriptor, oldDescriptor);
}

/** The reason why the write failed is told, not that its leavings could not be removed. */
function discard(temporary: NativePath): void {
  try {
    unlinkSync(temporary);
  } catch {
    // Somebody else removed it, or the directory is gone.
  }
}

/**
 * Writing in place would meet the same trouble, and lose the old content to it. Everything else that hinders a new
 * name (no permission, a mount point, a path grown too long, procfs) says nothing about the file itself.
 */
function isDiskTrouble(cause: unknown): boolean {
  const errno = errnoOf(cause);
  return errno === Errno.ENOSPC || errno === Errno.EIO || errno === eQuota;
}

const eQuota = 122;

/** Unpredictable, so that nobody can lay a link in its way; O_EXCL would refuse it anyway. */
function temporaryName(): string {
  return `.codex-env-${crypto.getRandomValues(Buffer.alloc(8)).toString("hex")}.tmp`;
}
