import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readSync,
  type Stats,
  writeSync,
} from "node:fs";
import { tryWriterLock } from "../../host/file-lock.ts";
import { limits } from "../../limits.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";
import { PlaceSet } from "./place-set.ts";

const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * Directories that every server of the account knows, as long as one of them lives: a file that is only appended to, each
 * path between two NULs, so that one that was cut short spoils no other. Who reads it holds a shared lock on it; whoever
 * gets it alone is the first and empties it, so nothing has to be tidied up after a crash.
 */
export class PlaceLedger implements Disposable {
  readonly #path: string;
  readonly #descriptor: number;
  /** No other file has its number as long as we have it open. */
  readonly #ours: Stats;
  readonly #places = new PlaceSet();
  /** How far it has been read. */
  #end = 0;

  private constructor(path: string, descriptor: number) {
    this.#path = path;
    this.#descriptor = descriptor;
    this.#ours = fstatSync(descriptor);
  }

  /** Opens the ledger at a path and adds what is known. Throws SandboxRefusal, or Node's error. */
  static open(path: string, known: Iterable<string> = []): PlaceLedger {
    for (let tries = 0; tries < limits.registryTries; tries++) {
      const descriptor = tryOpen(path);
      if (descriptor !== undefined) {
        const ledger = new PlaceLedger(path, descriptor);
        if (ledger.stands) {
          for (const place of known) ledger.add(place);
          return ledger;
        }
        closeSync(descriptor);
      }
      Atomics.wait(pause, 0, 0, 1);
    }
    throw new SandboxRefusal(`${path} is in use by somebody who does not finish`);
  }

  /** Whether it still is what others open. */
  get stands(): boolean {
    const found = lstatSync(this.#path, { throwIfNoEntry: false });
    return found?.ino === this.#ours.ino && found.dev === this.#ours.dev;
  }

  get places(): Iterable<string> {
    return this.#places;
  }

  /** Whether a path lies in one of the directories. */
  holds(path: string): boolean {
    this.#read();
    return this.#places.holds(path);
  }

  /** Adds a directory. When it is known already this asks nobody. Throws Node's error: then others do not know it. */
  add(place: string): void {
    if (this.#places.covers(place)) return;
    this.#read();
    if (this.#places.covers(place)) return;
    this.#append(place);
    // Of many that lie in one directory that one is kept: rather too much than one too few.
    while (this.#places.size > limits.sandboxWrittenPlaces) this.#append(this.#places.commonest);
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }

  #append(place: string): void {
    const record = Buffer.from(`\0${place}\0`);
    const full = this.#end + record.length > limits.sandboxWrittenPlacesBytes;
    const whole = full ? Buffer.from("\0/\0") : record;
    if (writeSync(this.#descriptor, whole) < whole.length) throw new Error(`${this.#path} takes no more`);
    this.#places.add(full ? "/" : place);
  }

  #read(): void {
    const { size } = fstatSync(this.#descriptor);
    if (size <= this.#end) return;
    const bytes = Buffer.alloc(size - this.#end);
    const length = readSync(this.#descriptor, bytes, 0, bytes.length, this.#end);
    // What has no end yet was not granted yet, either.
    const whole = bytes.subarray(0, length).lastIndexOf(0) + 1;
    for (const place of bytes.toString("utf8", 0, whole).split("\0")) {
      if (place.startsWith("/")) this.#places.add(place);
    }
    this.#end += whole;
  }
}

/** Open, locked with the others who read it, and empty if there are none; undefined while somebody tries the same. */
function tryOpen(path: string): number | undefined {
  const { writable, descriptor } = openBest(path);
  try {
    if (!fstatSync(descriptor).isFile()) throw new SandboxRefusal(`${path} is no file`);
    if (writable && tryWriterLock(descriptor, "exclusive")) ftruncateSync(descriptor, 0);
    // Fails when somebody has it alone at this moment, or there are none of those locks.
    if (tryWriterLock(descriptor, "shared")) return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  closeSync(descriptor);
  return undefined;
}

/**
 * Inside of a sandbox that Landlock holds the file can be read only. That is enough there: whatever a sandbox in it may
 * write, the one around it may, and that one has been told of.
 */
function openBest(path: string): { readonly writable: boolean; readonly descriptor: number } {
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR } = constants;
  try {
    const flags = O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK;
    return { writable: true, descriptor: openSync(path, flags, 0o600) };
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EACCES")) throw error;
    return { writable: false, descriptor: openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK) };
  }
}
