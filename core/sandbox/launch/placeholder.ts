import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { tryLock } from "../../host/file-lock.ts";
import { limits } from "../../limits.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";

/** A name that has to be taken while a sandbox runs, so that nobody inside can make something of that name. */
export interface MissingName {
  readonly path: string;
  readonly kind: "directory" | "file";
}

/**
 * Something empty that stands on the host where a sandbox must not make anything. It stays as long as anybody holds
 * its descriptor with the shared lock; whoever lets go last removes it, when it still is empty. Its registry entry
 * says that it is ours to remove, and is locked by whoever makes or removes it.
 */
export interface Placeholder extends MissingName {
  readonly entry: string;
  readonly descriptor: number;
}

/** The registry entry of a path. */
export function placeholderEntry(registry: string, path: string): string {
  return join(registry, new Bun.CryptoHasher("sha256").update(path).digest("hex"));
}

/**
 * Takes hold of the placeholder at a path, made now if nothing is there; undefined when something that is not empty
 * stands there, which needs none. Something empty that nobody registered is held all the same, and stays: it may be
 * another account's placeholder. Throws SandboxRefusal, or Node's error.
 */
export async function holdPlaceholder(name: MissingName, registry: string): Promise<Placeholder | undefined> {
  const entry = placeholderEntry(registry, name.path);
  const deadline = performance.now() + limits.placeholderWaitMs;
  for (;;) {
    const held = tryHold(name, entry);
    if (held !== "busy") return held;
    if (performance.now() > deadline) {
      throw new SandboxRefusal(`${name.path} is being made or removed by somebody who does not finish`);
    }
    await Bun.sleep(1);
  }
}

/** Lets go of a placeholder, and removes it if nobody else holds it. Never throws. */
export function releasePlaceholder(held: Placeholder): void {
  closeSync(held.descriptor);
  sweepPlaceholder(held);
}

/** Removes a placeholder, unless somebody holds it or is at it. Never throws: what stays is registered for later. */
export function sweepPlaceholder(left: Omit<Placeholder, "descriptor">): void {
  using undo = new DisposableStack();
  try {
    const entry = lockedEntry(left.entry, constants.O_RDWR);
    if (entry === undefined) return;
    undo.adopt(entry, closeSync);
    if (removed(left, undo)) unlinkSync(left.entry);
  } catch {
    // Nothing is registered any more, or it cannot be removed now.
  }
}

/** True: it is gone, or is somebody's by now. */
function removed(left: MissingName, undo: DisposableStack): boolean {
  const parent = parentOf(left.path);
  // What leads elsewhere by now is no place of ours.
  if (parent === undefined) return true;
  undo.adopt(parent, closeSync);
  const path = `/proc/self/fd/${parent}/${basename(left.path)}`;
  const stands = lstatSync(path, { throwIfNoEntry: false });
  if (stands === undefined || stands.isSymbolicLink()) return true;
  const descriptor = undo.adopt(openSync(path, openFlags(left.kind)), closeSync);
  if (!tryLock(descriptor, "exclusive")) return false;
  if (standsAt(path, descriptor)) remove({ path, kind: left.kind }, descriptor);
  return true;
}

function tryHold(name: MissingName, entryPath: string): Placeholder | undefined | "busy" {
  using undo = new DisposableStack();
  const parent = parentOf(name.path);
  if (parent === undefined)
    throw new SandboxRefusal(`${dirname(name.path)} is not where it was a moment ago`);
  undo.adopt(parent, closeSync);
  const entry = lockedEntry(entryPath, constants.O_RDWR | constants.O_CREAT);
  if (entry === undefined) return "busy";
  undo.adopt(entry, closeSync);
  const at = `/proc/self/fd/${parent}/${basename(name.path)}`;
  const registered = fstatSync(entry).size > 0;
  // Before the thing itself: what is made and not registered would stay for ever.
  if (!registered) writeSync(entry, JSON.stringify(name), 0);
  const made = make(at, name.kind);
  if (!made && !registered) {
    ftruncateSync(entry, 0);
    unlinkSync(entryPath);
    // An empty one may be another account's placeholder: held, but not ours to remove.
    if (!isEmpty(at)) return undefined;
  }
  const descriptor = openSync(at, openFlags(name.kind));
  if (tryLock(descriptor, "shared") && standsAt(at, descriptor)) {
    return { ...name, entry: entryPath, descriptor };
  }
  closeSync(descriptor);
  return "busy";
}

/** The entry, open and locked for us alone; undefined when somebody else has it, or has just removed it. */
function lockedEntry(path: string, flags: number): number | undefined {
  const entry = openSync(path, flags | constants.O_NOFOLLOW, 0o600);
  if (tryLock(entry, "exclusive") && fstatSync(entry).nlink > 0) return entry;
  closeSync(entry);
  return undefined;
}

/** The directory that a path lies in, open; undefined when it is gone, or when its way there leads through a link. */
function parentOf(path: string): number | undefined {
  const parent = dirname(path);
  const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;
  try {
    const descriptor = openSync(parent, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (readlinkSync(`/proc/self/fd/${descriptor}`) === parent) return descriptor;
    closeSync(descriptor);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!["ENOENT", "ENOTDIR", "ELOOP"].includes(code)) throw error;
  }
  return undefined;
}

/** False: something is there. */
function make(path: string, kind: MissingName["kind"]): boolean {
  const { O_CREAT, O_EXCL, O_RDONLY } = constants;
  try {
    if (kind === "directory") mkdirSync(path, 0o755);
    else closeSync(openSync(path, O_RDONLY | O_CREAT | O_EXCL, 0o644));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function isEmpty(path: string): boolean {
  const stands = lstatSync(path);
  return stands.isDirectory() ? readdirSync(path).length === 0 : stands.isFile() && stands.size === 0;
}

/** Opens at once, whatever has been put there. */
function openFlags(kind: MissingName["kind"]): number {
  const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
  return O_RDONLY | O_NOFOLLOW | O_NONBLOCK | (kind === "directory" ? O_DIRECTORY : 0);
}

function standsAt(path: string, descriptor: number): boolean {
  const there = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  const ours = fstatSync(descriptor, { bigint: true });
  return there !== undefined && there.dev === ours.dev && there.ino === ours.ino;
}

/** Only what is empty goes: anything else is somebody's by now, and stays. */
function remove(left: MissingName, descriptor: number): void {
  if (left.kind === "directory") {
    try {
      rmdirSync(left.path);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOTEMPTY")) throw error;
    }
    return;
  }
  if (fstatSync(descriptor).size === 0) unlinkSync(left.path);
}
