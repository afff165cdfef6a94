import { isUtf8 } from "node:buffer";
import type { Stats } from "node:fs";
import { Errno } from "../../host/errno.ts";
import { limits } from "../../limits.ts";
import { accessOf } from "../../sandbox/plan/access-of.ts";
import type { SandboxPlan } from "../../sandbox/plan/sandbox-plan.ts";
import { type NativePath, parentPath } from "../native-path.ts";
import { osFailure } from "../os-error.ts";

/** What a plan says of one real path. */
export interface Standing {
  /** `hidden`: for this profile nothing is there. */
  readonly access: "read" | "write" | "deny" | "hidden";
  /** Something below may be used although this may not: the way there is open, nothing else of it is. */
  readonly leadsOn: boolean;
}

/** What a look for denied files that have further names has found. */
export interface DeniedLook {
  /** `device:inode` each. */
  readonly inodes: ReadonlySet<string>;
  /** Holds for files whose ctime is earlier than this, ms since 1970. */
  readonly before: number;
}

/** Says of real paths what a plan lets a request do with them, in the errors of the reference. */
export class Judge {
  readonly #plan: SandboxPlan;
  readonly #kept = new Map<string, Standing>();
  readonly #links: ReadonlySet<string>;
  /** Whether some file may not be read, so that it must not be read under another name either. */
  readonly #denies: boolean;
  #denied: DeniedLook | null = null;

  constructor(plan: SandboxPlan) {
    this.#plan = plan;
    this.#links = new Set(plan.links.map(({ path }) => path));
    this.#denies =
      plan.denyGlobs.length > 0 ||
      plan.rules.some(({ access, why }) => access === "deny" && why !== "private");
  }

  /** Looking for denied files with further names takes long, so it is done on demand. */
  learnDenied(look: DeniedLook): void {
    this.#denied = look;
  }

  /** What the plan says of a real path. */
  standing(path: NativePath): Standing {
    const text = judgedText(path);
    const known = this.#kept.get(text);
    if (known !== undefined) return known;
    const standing = this.#judge(text);
    if (this.#kept.size >= limits.fsVerdictsKept) this.#kept.clear();
    this.#kept.set(text, standing);
    return standing;
  }

  /** Whether something is to be seen there at all: granted, denied, or on the way to what is granted. */
  isNamed(path: NativePath): boolean {
    const { access, leadsOn } = this.standing(path);
    return access !== "hidden" || leadsOn;
  }

  /** Whether a directory may be passed on the way to something. */
  requireWay(path: NativePath): void {
    const { access, leadsOn } = this.standing(path);
    if (leadsOn || access === "read" || access === "write") return;
    throw osFailure(access === "deny" ? Errno.EACCES : Errno.ENOENT);
  }

  requireRead(path: NativePath): void {
    const { access } = this.standing(path);
    if (access === "deny") throw osFailure(Errno.EACCES);
    if (access === "hidden") throw osFailure(Errno.ENOENT);
  }

  /**
   * Whether a link may be followed. Though nothing grants them, those may be by which the policy names its places, and
   * those at the top of the disk (`/bin`, `/lib`), which are the same on every machine. What they lead to is judged.
   */
  requireLink(path: NativePath): void {
    const { access } = this.standing(path);
    if (access === "deny") throw osFailure(Errno.EACCES);
    if (access !== "hidden" || this.#links.has(judgedText(path)) || parentPath(path) === "/") return;
    throw osFailure(Errno.ENOENT);
  }

  /** A file is to be written, or made; in the order of the kernel's own complaints. */
  requireFileWrite({ path, found }: { readonly path: NativePath; readonly found: Stats | undefined }): void {
    if (found?.isDirectory() && this.isNamed(path)) throw osFailure(Errno.EISDIR);
    this.requireWrite(path, found !== undefined);
  }

  /** `exists`: there is something under this name. What is not there cannot be a matter of permissions. */
  requireWrite(path: NativePath, exists: boolean): void {
    const { access } = this.standing(path);
    if (access === "deny" && exists) throw osFailure(Errno.EACCES);
    if (access !== "write" || this.#isKernels(path)) throw osFailure(eReadOnly);
  }

  /** For what cannot be begun again: throws {@link DeniedUnknown} before it begins. */
  requireKnown(): void {
    if (this.#denies && this.#denied === null) throw new DeniedUnknown();
  }

  /** Refuses to read a denied file under another of its names. Throws {@link DeniedUnknown} when that cannot be told yet. */
  refuseDenied(found: Stats): void {
    if (!this.#denies || found.nlink < 2 || found.isDirectory()) return;
    if (this.#denied?.inodes.has(`${found.dev}:${found.ino}`)) throw osFailure(Errno.EACCES);
    // A new name changes the ctime: this file may have got one since.
    if (this.#denied === null || found.ctimeMs >= this.#denied.before) throw new DeniedUnknown();
  }

  /** Whether names below a directory can be denied that no rule names. */
  get judgesNames(): boolean {
    return this.#plan.denyGlobs.length > 0;
  }

  /** The first path strictly below a directory that may not be written as all of it may. */
  narrowerBelow(path: NativePath): string | null {
    const prefix = below(judgedText(path));
    const narrower = this.#plan.rules.find(
      (rule) => rule.path.startsWith(prefix) && rule.access !== "write" && rule.stands !== "missing",
    );
    return narrower?.path ?? null;
  }

  #judge(path: string): Standing {
    const access = accessOf(this.#plan, path);
    if (access === "read" || access === "write") return { access, leadsOn: true };
    const prefix = below(path);
    const leadsOn = this.#plan.rules.some(
      (rule) => rule.path.startsWith(prefix) && rule.access !== "deny" && rule.stands !== "missing",
    );
    return { access, leadsOn };
  }

  /**
   * The kernel's trees. A helper has its own: what is written there would vanish with it, or say something to the
   * kernel. A grant below /dev is the host's.
   */
  #isKernels(path: NativePath): boolean {
    const text = judgedText(path);
    if (isWithin(text, "/proc") || isWithin(text, "/sys")) return true;
    if (!isWithin(text, "/dev")) return false;
    if (this.#plan.disk === "write" && isWithin(text, "/dev/shm")) return false;
    return !this.#plan.rules.some(
      (rule) =>
        rule.access === "write" &&
        rule.stands !== "missing" &&
        rule.path.startsWith("/dev/") &&
        isWithin(text, rule.path),
    );
  }
}

/** A file has several names, and one of them may be denied: the server has to look for that. */
export class DeniedUnknown extends Error {
  override readonly name = "DeniedUnknown";
}

const eReadOnly = 30;

function below(directory: string): string {
  return directory.endsWith("/") ? directory : `${directory}/`;
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}

/**
 * A path as the judge reads it. Bytes that are not UTF-8 become lone surrogates, which no rule's path holds: such a
 * name is never taken for another one, and what is around them reads as it is.
 */
function judgedText(path: NativePath): string {
  if (typeof path === "string") return path;
  let text = "";
  for (let at = 0; at < path.length; ) {
    const length = sequenceLength(path, at);
    text +=
      length > 0 ? path.toString("utf8", at, at + length) : String.fromCharCode(0xdc00 + (path[at] ?? 0));
    at += Math.max(length, 1);
  }
  return text;
}

/** Bytes of the UTF-8 sequence that begins there; 0: none does. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const sequence = bytes.subarray(at, at + length);
  return sequence.length === length && isUtf8(sequence) ? length : 0;
}
