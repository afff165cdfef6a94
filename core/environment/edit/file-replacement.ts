import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { limits } from "../../limits.ts";

/** Somebody else is replacing the file, and does not come to an end. */
export class FileBusyError extends Error {
  override readonly name = "FileBusyError";
}

/** For the user alone: tokens may be in it. */
const modeOfNew = 0o600;

/**
 * One replacement of a file in one step: readers see the old content or the new. There is one at a time, since the
 * new file's name is the lock; whoever begins reads the file after that. Mode and owner of the old file are kept, and
 * a symbolic link still leads to it. Disposing without {@link commit} changes nothing.
 */
export class FileReplacement implements Disposable {
  readonly #target: string;
  readonly #temporary: string;
  #descriptor: number | undefined;

  private constructor(target: string, temporary: string, descriptor: number) {
    this.#target = target;
    this.#temporary = temporary;
    this.#descriptor = descriptor;
  }

  /** Waits for another one to end. Rejects with {@link FileBusyError}, or node:fs's errors. */
  static async begin(path: string): Promise<FileReplacement> {
    const target = existsSync(path) ? realpathSync(path) : path;
    const temporary = join(dirname(target), `.${basename(target)}.new`);
    const giveUpAt = performance.now() + limits.fileLockMs;
    for (;;) {
      const descriptor = tryCreate(temporary);
      if (descriptor !== undefined) return new FileReplacement(target, temporary, descriptor);
      if (isAbandoned(temporary)) tryUnlink(temporary);
      else if (performance.now() > giveUpAt)
        throw new FileBusyError(`${temporary} is there: somebody edits ${path}`);
      else await Bun.sleep(10);
    }
  }

  commit(text: string): void {
    const descriptor = this.#descriptor;
    if (descriptor === undefined) throw new Error("it was committed already");
    const old = statSync(this.#target, { throwIfNoEntry: false });
    writeFileSync(descriptor, text);
    if (old !== undefined) keepRights(descriptor, old);
    fsyncSync(descriptor);
    closeSync(descriptor);
    this.#descriptor = undefined;
    try {
      renameSync(this.#temporary, this.#target);
    } catch (error) {
      tryUnlink(this.#temporary);
      throw error;
    }
  }

  [Symbol.dispose](): void {
    if (this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
    tryUnlink(this.#temporary);
  }
}

function tryCreate(path: string): number | undefined {
  try {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    return openSync(path, flags, modeOfNew);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return undefined;
    throw error;
  }
}

/** An edit takes milliseconds: what is older was left by a process that was killed. */
function isAbandoned(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs > limits.fileLockMs;
}

function keepRights(descriptor: number, old: Stats): void {
  try {
    fchownSync(descriptor, old.uid, old.gid);
  } catch {
    // Another's file in a directory of ours: it becomes ours, as with any editor.
  }
  fchmodSync(descriptor, old.mode & 0o7777);
}

function tryUnlink(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Gone already.
  }
}
