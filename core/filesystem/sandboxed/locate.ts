import { closeSync, lstatSync, readlinkSync, type Stats } from "node:fs";
import { Errno } from "../../host/errno.ts";
import { limits } from "../../limits.ts";
import { joinPath, type NativePath, nativePath, parentPath, pathComponents } from "../native-path.ts";
import { entryOf, openChild, openDirectory, openRoot } from "../no-follow/pinned-parent.ts";
import { errnoOf, osFailure } from "../os-error.ts";
import { Exchanged, leaveStep, openFound } from "./exchanged.ts";
import type { Judge } from "./judge.ts";

/**
 * A name in a directory that is held open, found with every step judged. Renames and links that appear elsewhere lead
 * nothing astray: whatever is done, is done to `entry`, without following it.
 */
export interface Place extends Disposable {
  /** `/proc/self/fd/N/name`, which is the kernel's own openat. */
  readonly entry: NativePath;
  /** The real path that was judged, and that the entry stood for. */
  readonly path: NativePath;
  /** What stood there, itself; undefined: nothing. */
  readonly found: Stats | undefined;
}

/**
 * `target`: links are followed. `link`: the last component is not. `refuse`: no component may be a link; the last one
 * is the caller's to look at.
 */
export type Following = "target" | "link" | "refuse";

/**
 * Walks to a path from the root, one component at a time, following links by hand. Throws ENOENT, EACCES where the
 * judge lets nobody pass, and what the kernel says of missing directories, files in the way and loops. A component that
 * is a link at one moment and a directory at the next is taken for one of them.
 */
export function locate(judge: Judge, path: NativePath, following: Following): Place {
  const walk = new Walk(judge, following);
  try {
    return walk.to(path);
  } catch (cause) {
    walk.end();
    throw cause;
  }
}

class Walk {
  readonly #judge: Judge;
  readonly #following: Following;
  /** Components still to go, the next one last. */
  #ahead: NativePath[] = [];
  #directory = openRoot();
  #real: NativePath = "/";
  #steps = 0;
  #links = 0;
  #exchanges = 0;

  constructor(judge: Judge, following: Following) {
    this.#judge = judge;
    this.#following = following;
  }

  to(path: NativePath): Place {
    this.#push(path);
    for (let name = this.#ahead.pop(); name !== undefined; name = this.#ahead.pop()) {
      if (++this.#steps > limits.fsPathSteps) throw osFailure(Errno.ELOOP);
      if (name === ".") continue;
      if (name === "..") this.#up();
      else if (this.#ahead.length === 0) {
        const place = this.#last(name);
        if (place !== null) return place;
      } else this.#step(name);
    }
    return this.#place(".", this.#real, lstatSync(entryOf(this.#directory, ".")));
  }

  end(): void {
    closeSync(this.#directory);
  }

  /** Null: it was a link, whose text is ahead now. */
  #last(name: NativePath): Place | null {
    const path = joinPath(this.#real, name);
    const found = lstatSync(entryOf(this.#directory, name), { throwIfNoEntry: false });
    if (this.#following !== "target" || !found?.isSymbolicLink()) return this.#place(name, path, found);
    this.#follow(name, path);
    return null;
  }

  #step(name: NativePath): void {
    const path = joinPath(this.#real, name);
    let next: number;
    try {
      next = openChild(this.#directory, name);
    } catch (cause) {
      if (errnoOf(cause) !== Errno.ENOTDIR) throw this.#judged(path, cause);
      const found = lstatSync(entryOf(this.#directory, name), { throwIfNoEntry: false });
      if (found === undefined || found.isDirectory()) return this.#again(name, path);
      if (this.#following === "refuse" || !found.isSymbolicLink()) throw this.#judged(path, cause);
      return this.#follow(name, path);
    }
    const left = this.#directory;
    this.#directory = next;
    closeSync(left);
    this.#judge.requireWay(path);
    this.#real = path;
  }

  /** What the judge says of a path comes before what the disk says of it. */
  #judged(path: NativePath, cause: unknown): unknown {
    const { access } = this.#judge.standing(path);
    if (access === "deny") return osFailure(Errno.EACCES);
    return access === "hidden" ? osFailure(Errno.ENOENT) : cause;
  }

  #follow(name: NativePath, path: NativePath): void {
    this.#judge.requireLink(path);
    const text = linkText(entryOf(this.#directory, name));
    if (text === null) return this.#again(name, path);
    if (++this.#links > limits.fsLinks) throw osFailure(Errno.ELOOP);
    if (isAbsolute(text)) this.#restart();
    this.#push(text);
  }

  /** The component has become something else since it was looked at. One look more, at times, finds the other state then. */
  #again(name: NativePath, path: NativePath): void {
    if (++this.#exchanges > limits.fsExchanges) throw this.#judged(path, new Exchanged());
    if (this.#exchanges % 2 === 1) lstatSync(entryOf(this.#directory, name), { throwIfNoEntry: false });
    leaveStep(this.#exchanges);
    this.#ahead.push(name);
  }

  /** The parent by its real path, walked to again: what an open directory calls its parent may have been moved. */
  #up(): void {
    const parent = parentPath(this.#real);
    this.#restart();
    this.#push(parent);
  }

  #restart(): void {
    const root = openRoot();
    closeSync(this.#directory);
    this.#directory = root;
    this.#real = "/";
  }

  #push(path: NativePath): void {
    this.#ahead.push(...pathComponents(path).reverse());
  }

  #place(name: NativePath, path: NativePath, found: Stats | undefined): Place {
    const directory = this.#directory;
    const entry = entryOf(directory, name);
    return { entry, path, found, [Symbol.dispose]: () => closeSync(directory) };
  }
}

function isAbsolute(path: NativePath): boolean {
  return typeof path === "string" ? path.startsWith("/") : path[0] === 0x2f;
}

/** Null: it is no link any more. */
export function linkText(entry: NativePath): NativePath | null {
  try {
    return nativePath(readlinkSync(entry, { encoding: "buffer" }));
  } catch (cause) {
    if (errnoOf(cause) === Errno.EINVAL) return null;
    throw cause;
  }
}

/** What stands at a place that has to exist. */
export function foundAt({ found }: Place): Stats {
  if (found === undefined) throw osFailure(Errno.ENOENT);
  return found;
}

/** Opens a found directory to look into it. The caller closes it. Throws {@link Exchanged} where it is none any more. */
export function openPlace(place: Place): number {
  if (!foundAt(place).isDirectory()) throw osFailure(Errno.ENOTDIR);
  return openFound(() => openDirectory(place.entry), Errno.ENOTDIR);
}
