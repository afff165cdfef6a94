import { type FSWatcher, lstatSync, statfsSync, watch } from "node:fs";
import { limits } from "../../limits.ts";
import { joinPath, type NativePath, pathComponents } from "../native-path.ts";
import { notePresence, type Presence } from "./presence.ts";

/** The nearest directory that exists, and the first name in it that does not. */
interface Gap {
  readonly directory: NativePath;
  readonly inode: number;
  readonly missing: NativePath;
}

/** File systems whose entries come and go without an event. */
const silentFileSystems: ReadonlySet<number> = new Set([0x9fa0 /* proc */, 0x62656572 /* sysfs */]);

/**
 * Calls `changed` once, when one of the paths may have appeared, or when `present` is no longer what it was. Null:
 * that cannot be told for all of them.
 */
export function watchMissing(
  paths: readonly NativePath[],
  changed: () => void,
  present: NativePath | null = null,
): Disposable | null {
  if (paths.length === 0 || paths.length > limits.fsWatchPaths) return null;
  const presence = present === null ? null : notePresence(present);
  if (present !== null && presence === null) return null;
  const gaps: Gap[] = [];
  for (const path of paths) {
    const gap = findGap(path);
    if (gap === null) return null;
    gaps.push(gap);
  }
  const watching = new MissingWatch({ gaps, presence }, changed);
  if (watching.start()) return watching;
  watching[Symbol.dispose]();
  return null;
}

interface Expectation {
  readonly gaps: readonly Gap[];
  readonly presence: Presence | null;
}

class MissingWatch implements Disposable {
  readonly #expected: Expectation;
  readonly #changed: () => void;
  readonly #watchers: FSWatcher[] = [];
  #recheck: Timer | undefined;
  #over = false;

  constructor(expected: Expectation, changed: () => void) {
    this.#expected = expected;
    this.#changed = changed;
  }

  /** False: there is no watching it, or something has appeared before the watch stood. */
  start(): boolean {
    const { gaps, presence } = this.#expected;
    const directories = gaps.map(({ directory }) => directory);
    if (presence !== null) directories.push(presence.directory);
    try {
      for (const directory of new Map(directories.map((path) => [path.toString(), path])).values()) {
        const watcher = watch(directory, { persistent: false }, () => this.#look());
        watcher.on("error", () => this.#fire());
        this.#watchers.push(watcher);
      }
    } catch {
      return false;
    }
    this.#recheck = setInterval(() => this.#look(), limits.fsWatchRecheckMs);
    this.#recheck.unref();
    return this.#holds();
  }

  [Symbol.dispose](): void {
    this.#over = true;
    clearInterval(this.#recheck);
    for (const watcher of this.#watchers) watcher.close();
  }

  #look(): void {
    if (!this.#over && !this.#holds()) this.#fire();
  }

  #holds(): boolean {
    const { gaps, presence } = this.#expected;
    return gaps.every(isStillGap) && (presence?.isUnchanged() ?? true);
  }

  #fire(): void {
    if (this.#over) return;
    this[Symbol.dispose]();
    this.#changed();
  }
}

/** Null where the path exists, leads through a link or a file, or cannot be watched. */
function findGap(path: NativePath): Gap | null {
  let directory: NativePath = "/";
  let inode = 0;
  try {
    inode = lstatSync("/").ino;
    for (const name of pathComponents(path)) {
      const next = joinPath(directory, name);
      const found = lstatSync(next, { throwIfNoEntry: false });
      if (found === undefined) return isSilent(directory) ? null : { directory, inode, missing: next };
      if (!found.isDirectory()) return null;
      directory = next;
      inode = found.ino;
    }
  } catch {
    // Not allowed to look, or a name too long: the caller must look by itself.
  }
  return null;
}

function isStillGap({ directory, inode, missing }: Gap): boolean {
  try {
    if (lstatSync(missing, { throwIfNoEntry: false }) !== undefined) return false;
    return lstatSync(directory, { throwIfNoEntry: false })?.ino === inode;
  } catch {
    return false;
  }
}

function isSilent(directory: NativePath): boolean {
  return silentFileSystems.has(Number(statfsSync(directory).type));
}
