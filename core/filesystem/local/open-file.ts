import { closeSync, constants, ftruncateSync, openSync, statSync } from "node:fs";
import { Errno } from "../../host/errno.ts";
import { type Answer, andThen } from "../answer.ts";
import type { OpenFile } from "../file-system.ts";
import type { NativePath } from "../native-path.ts";
import { invalidInput, osFailure, withRpcErrors } from "../os-error.ts";
import { readFully, writeFully } from "./descriptor-io.ts";
import { notRegular, requireRegular } from "./file-kind.ts";
import { markOpen } from "./open-inodes.ts";
import { checkOpened, type OpenedFile, openFlags, openForReading } from "./open-regular.ts";

/** Where signed 64-bit offsets end. */
const offsetEnd = 2 ** 63;

/** Opens a regular file; `replace` creates it or empties it. */
export function openFile(path: NativePath, mode: "read" | "replace"): OpenFile {
  return useOpened(mode === "read" ? openForReading(path, true) : openForReplacing(path));
}

/** Reads and writes blocks of a file that is open already, and closes it in the end. */
export function useOpened(opened: OpenedFile): OpenFile {
  return new LocalOpenFile(opened);
}

function openForReplacing(path: NativePath): OpenedFile {
  const before = statSync(path, { throwIfNoEntry: false });
  if (before?.isDirectory()) throw osFailure(Errno.EISDIR);
  if (before !== undefined && !before.isFile()) throw notRegular(before, path);
  const descriptor = openSync(path, constants.O_WRONLY | constants.O_CREAT | openFlags, 0o666);
  return checkOpened(descriptor, (found) => {
    requireRegular(found, path);
    ftruncateSync(descriptor, 0);
  });
}

class LocalOpenFile implements OpenFile {
  readonly #descriptor: number;
  readonly #mark: Disposable;
  #running = 0;
  #closed = false;

  constructor({ descriptor, found }: OpenedFile) {
    this.#descriptor = descriptor;
    this.#mark = markOpen(found);
  }

  read(offset: number, length: number): Answer<Uint8Array> {
    return this.#use(() => {
      if (offset >= offsetEnd) throw osFailure(Errno.EINVAL);
      const target = Buffer.allocUnsafeSlow(length);
      // Beyond 2^53 no file reaches, and node:fs would not take the number exactly.
      const count = Number.isSafeInteger(offset + length) ? readFully(this.#descriptor, target, offset) : 0;
      return andThen(count, (bytes) => target.subarray(0, bytes));
    });
  }

  write(offset: number, bytes: Uint8Array): Answer<void> {
    return this.#use(() => {
      if (offset + bytes.byteLength >= offsetEnd) {
        throw invalidInput("file write range exceeds the signed 64-bit file offset limit");
      }
      // node:fs would silently write an offset beyond 2^53 at the descriptor's own position.
      if (!Number.isSafeInteger(offset + bytes.byteLength)) throw osFailure(eTooBig);
      return writeFully(this.#descriptor, bytes, offset);
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#running === 0) this.#release();
  }

  /** The descriptor's number must not be given to another file while a read still uses it. */
  #use<T>(operation: () => Answer<T>): Answer<T> {
    if (this.#closed) throw osFailure(Errno.EBADF);
    return withRpcErrors(() => {
      const answer = operation();
      if (!(answer instanceof Promise)) return answer;
      this.#running++;
      return answer.finally(() => {
        this.#running--;
        if (this.#closed && this.#running === 0) this.#release();
      });
    });
  }

  #release(): void {
    this.#mark[Symbol.dispose]();
    closeSync(this.#descriptor);
  }
}

const eTooBig = 27;
