import { limits } from "../../limits.ts";

/** Loaded when there is something to store: a server that has just started does without it. */
const files = () => process.getBuiltinModule("node:fs");

/** Where one run of bytes lies on disk. */
export interface SpilledRun {
  readonly segment: SpillSegment;
  readonly offset: number;
}

/** One unlinked file; its space returns when the last run in it is released. */
export interface SpillSegment {
  readonly fd: number;
  size: number;
  runs: number;
}

/**
 * Disk space for output that memory has no room for: files without a name, or that lose it before anything is in them, so that no
 * output is left behind whatever ends the server. One store serves the whole server and holds its limit.
 */
export class SpillStore implements Disposable {
  readonly #capacity: number;
  readonly #segments = new Set<SpillSegment>();
  #current: SpillSegment | undefined;
  #bytes = 0;
  /** The disk has refused and is left alone until then. */
  #askAgainAt = 0;

  constructor(options: { readonly capacity: number } = { capacity: limits.spillServerBytes }) {
    this.#capacity = options.capacity;
  }

  /** Bytes that lie on disk, released runs of a still used segment included. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Stores `bytes`; undefined when the limit or the disk has no room for them, and nothing is kept then. */
  write(bytes: Uint8Array): SpilledRun | undefined {
    if (this.#bytes + bytes.length > this.#capacity) return undefined;
    if (this.#askAgainAt > 0 && performance.now() < this.#askAgainAt) return undefined;
    const segment = this.#writable();
    const offset = segment?.size ?? 0;
    if (segment === undefined || !writeWhole(segment.fd, bytes, offset)) {
      this.#askAgainAt = performance.now() + limits.spillRetryMs;
      return undefined;
    }
    this.#askAgainAt = 0;
    segment.size += bytes.length;
    segment.runs += 1;
    this.#bytes += bytes.length;
    return { segment, offset };
  }

  /** The stored bytes; throws when the disk cannot give them back. */
  read(run: SpilledRun, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const got = files().readSync(run.segment.fd, bytes, done, length - done, run.offset + done);
      if (got === 0) throw new Error("spilled output ends early: the temporary file was cut");
      done += got;
    }
    return bytes;
  }

  release(run: SpilledRun): void {
    const { segment } = run;
    segment.runs -= 1;
    if (segment.runs > 0 || !this.#segments.delete(segment)) return;
    if (this.#current === segment) this.#current = undefined;
    this.#bytes -= segment.size;
    files().closeSync(segment.fd);
  }

  [Symbol.dispose](): void {
    for (const segment of this.#segments) files().closeSync(segment.fd);
    this.#segments.clear();
    this.#current = undefined;
    this.#bytes = 0;
  }

  #writable(): SpillSegment | undefined {
    if (this.#current !== undefined && this.#current.size < limits.spillSegmentBytes) return this.#current;
    const fd = openUnlinked();
    if (fd === undefined) return undefined;
    this.#current = { fd, size: 0, runs: 0 };
    this.#segments.add(this.#current);
    return this.#current;
  }
}

function openUnlinked(): number | undefined {
  const directory = process.getBuiltinModule("node:os").tmpdir();
  return openNameless(directory) ?? openAndUnlink(directory);
}

/** Linux: there is no name, not for a moment, by which somebody else who may read there could open it. */
function openNameless(directory: string): number | undefined {
  const { constants, openSync } = files();
  if (process.platform !== "linux") return undefined;
  try {
    // O_EXCL: nor can it be given one.
    return openSync(
      directory,
      constants.O_RDWR | temporaryFile | constants.O_DIRECTORY | constants.O_EXCL,
      0o600,
    );
  } catch {
    // The file system cannot (FAT, NFS, 9P), or it takes nothing at all.
    return undefined;
  }
}

/** __O_TMPFILE, on x86-64 and on arm64. */
const temporaryFile = 0o20000000;

function openAndUnlink(directory: string): number | undefined {
  const { constants, openSync, unlinkSync } = files();
  const path = process.getBuiltinModule("node:path").join(directory, `.codex-env-${crypto.randomUUID()}`);
  try {
    const fd = openSync(
      path,
      constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
      0o600,
    );
    unlinkSync(path);
    return fd;
  } catch {
    return undefined;
  }
}

function writeWhole(fd: number, bytes: Uint8Array, offset: number): boolean {
  let done = 0;
  try {
    while (done < bytes.length)
      done += files().writeSync(fd, bytes, done, bytes.length - done, offset + done);
    return true;
  } catch {
    return false;
  }
}
