import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  rmdirSync,
  unlinkSync,
} from "node:fs";
import { basename, dirname } from "node:path";
import { tryLock } from "../../host/file-lock.ts";
import { limits } from "../../limits.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";
import { looksLikePlaceholder, markedMode } from "./placeholder-marker.ts";
import { identityOf, placeholderEntry, type RegistryEntry, readEntry, writeEntry } from "./registry-entry.ts";
import { tryRegistry, waitForRegistry } from "./registry-lock.ts";

/** A name that has to be taken while a sandbox runs, so that nobody inside can make something of that name. */
export interface MissingName {
  readonly path: string;
  readonly kind: "directory" | "file";
}

/**
 * Something empty that stands on the host where a sandbox must not make anything. Its registry entry says what was made;
 * it stays as long as anybody has a shared lock on the entry, and whoever lets go last removes it, when it still is
 * what was made, and empty. What stands in the workspace is never locked: commands could lock it too.
 */
export interface Placeholder extends MissingName {
  readonly entry: string;
  /** Of the entry, with the lock. */
  readonly descriptor: number;
}

/**
 * Takes hold of the placeholder at a path, made now if nothing is there; undefined when something of somebody's own
 * stands there, which needs none. Throws SandboxRefusal, or Node's error.
 */
export async function holdPlaceholder(name: MissingName, registry: string): Promise<Placeholder | undefined> {
  const deadline = performance.now() + limits.placeholderWaitMs;
  for (;;) {
    {
      using had = tryRegistry(registry);
      if (had !== undefined) return hold(name, placeholderEntry(registry, name.path));
    }
    if (performance.now() > deadline) {
      throw new SandboxRefusal(`${registry} is in use by somebody who does not finish`);
    }
    await Bun.sleep(1);
  }
}

/** Lets go of a placeholder, and removes it if nobody else holds it. Never throws. */
export function releasePlaceholder(held: Placeholder): void {
  closeSync(held.descriptor);
  sweepPlaceholder(held.entry);
}

/**
 * Removes the placeholder of an entry, unless somebody holds it. Never throws: what stays is registered for later, and so is
 * what is not found, for a while: somebody may have exchanged names on the way there for a moment.
 */
export function sweepPlaceholder(entry: string): void {
  if (entry === "") return;
  using undo = new DisposableStack();
  try {
    if (undo.use(waitForRegistry(dirname(entry))) === undefined) return;
    const descriptor = openSync(entry, constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    undo.adopt(descriptor, closeSync);
    if (!tryLock(descriptor, "exclusive")) return;
    const left = readEntry(descriptor);
    if (left === undefined || placeholderEntry(dirname(entry), left.path) !== entry) return;
    const { mtimeMs } = fstatSync(descriptor);
    const found = remove(left, mtimeMs);
    if (found || Date.now() - mtimeMs > limits.placeholderLostMs) unlinkSync(entry);
  } catch {
    // Nothing is registered any more, or it cannot be removed now.
  }
}

/** Whoever calls has the registry. */
function hold(name: MissingName, entry: string): Placeholder | undefined {
  using undo = new DisposableStack();
  const parent = parentOf(name.path);
  if (parent === undefined)
    throw new SandboxRefusal(`${dirname(name.path)} is not where it was a moment ago`);
  undo.adopt(parent, closeSync);
  const { O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDWR } = constants;
  const descriptor = openSync(entry, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  const opened = new DisposableStack();
  undo.use(opened);
  opened.adopt(descriptor, closeSync);
  const at = `/proc/self/fd/${parent}/${basename(name.path)}`;
  const record = standing(at, readEntry(descriptor)) ?? make(name, at, { descriptor, entry });
  if (record === undefined) return undefined;
  if (!tryLock(descriptor, "shared")) throw new SandboxRefusal(`${entry} is locked by somebody who may not`);
  opened.move();
  return { path: name.path, kind: record.kind, entry, descriptor };
}

/** The entry, if what it says was made still stands there. */
function standing(at: string, record: RegistryEntry | undefined): RegistryEntry | undefined {
  const stands = look(at);
  if (stands === undefined || record?.identity !== identityOf(stands)) return undefined;
  return kindOf(stands) === record.kind ? record : undefined;
}

interface OpenEntry {
  readonly descriptor: number;
  readonly entry: string;
}

/** Undefined: something else stands there. */
function make(name: MissingName, at: string, { descriptor, entry }: OpenEntry): RegistryEntry | undefined {
  const forget = (): void => {
    if (tryLock(descriptor, "exclusive")) unlinkSync(entry);
  };
  const unmade = { ...name, identity: undefined };
  try {
    if (look(at) === undefined) {
      // Before the thing itself: what is made and not registered would stay for ever.
      writeEntry(descriptor, unmade);
      if (makeAt(at, name.kind)) return registered(name, at, descriptor);
    }
  } catch (error) {
    remove(unmade, Date.now());
    forget();
    throw error;
  }
  forget();
  const stands = look(at);
  if (stands !== undefined && stands.uid !== ourAccount() && looksLikePlaceholder(at, stands)) {
    throw new SandboxRefusal(
      `another account's sandbox has put something empty at ${name.path}, which would vanish with that one's end`,
    );
  }
  return undefined;
}

function registered(name: MissingName, at: string, descriptor: number): RegistryEntry {
  const made = look(at);
  if (made === undefined || kindOf(made) !== name.kind)
    throw new SandboxRefusal(`what was made at ${name.path} has been exchanged`);
  const record = { ...name, identity: identityOf(made) };
  writeEntry(descriptor, record);
  return record;
}

/** False: something is there. */
function makeAt(at: string, kind: MissingName["kind"]): boolean {
  const { O_CREAT, O_EXCL, O_RDONLY } = constants;
  try {
    if (kind === "directory") mkdirSync(at, markedMode.directory);
    else closeSync(openSync(at, O_RDONLY | O_CREAT | O_EXCL, markedMode.file));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** How far apart the times of an entry and of what was made right after it may be, ms. */
const sameMomentMs = 1_000;

/**
 * Only what was made goes, and only while it is empty: anything else is somebody's by now, and stays. Whose making was
 * cut short is known by its time. False: nothing was found there, or another way leads there by now.
 */
function remove(left: RegistryEntry, registeredAtMs: number): boolean {
  const parent = parentOf(left.path);
  // Of what may never have been made nothing is missed.
  const unmade = left.identity === undefined;
  if (parent === undefined) return unmade;
  try {
    const at = `/proc/self/fd/${parent}/${basename(left.path)}`;
    const stands = look(at);
    if (stands === undefined) return unmade;
    if (kindOf(stands) !== left.kind || stands.uid !== ourAccount()) return true;
    const ours =
      left.identity === undefined
        ? looksLikePlaceholder(at, stands) && Math.abs(Number(stands.ctimeMs) - registeredAtMs) < sameMomentMs
        : left.identity === identityOf(stands);
    if (!ours) return true;
    if (left.kind === "directory") removeDirectory(at);
    else if (stands.size === 0n && stands.nlink === 1n) unlinkSync(at);
    return true;
  } finally {
    closeSync(parent);
  }
}

function removeDirectory(at: string): void {
  try {
    rmdirSync(at);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOTEMPTY")) throw error;
  }
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

function look(at: string): BigIntStats | undefined {
  return lstatSync(at, { bigint: true, throwIfNoEntry: false });
}

/** `other` stands for links, devices and the like. */
function kindOf(stands: BigIntStats): MissingName["kind"] | "other" {
  if (stands.isDirectory()) return "directory";
  return stands.isFile() ? "file" : "other";
}

function ourAccount(): bigint {
  return BigInt(process.geteuid?.() ?? 0);
}
