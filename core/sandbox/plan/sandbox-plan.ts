import type { Access, Network } from "../policy/sandbox-policy.ts";
import type { DenyGlob } from "./deny-glob.ts";

/**
 * One path whose access differs from what is above it. Both `path` and everything below it, until a deeper rule.
 * `missing` names the whole path although nothing is there. `link`: the path itself is a symbolic link that somebody
 * inside the sandbox could replace, were it not for this rule; what it leads to has a rule of its own.
 */
export interface PathRule {
  /** Real path: no symbolic link in it, save for the last name of a `link`. */
  readonly path: string;
  readonly access: Access;
  readonly stands: "directory" | "file" | "link" | "missing";
  /** `protected`: one of `.git .agents .codex .aws` at the top of a writable root. `private`: the server's own. */
  readonly why: "entry" | "protected" | "glob" | "minimal" | "private";
}

/** A symbolic link through which an entry of the policy names its place. */
export interface NamedLink {
  /** Where it stands: no link in front of its last name. */
  readonly path: string;
  /** What it says, as it is written there. */
  readonly target: string;
  /**
   * It stands where the sandbox may write: mounts cannot keep it from being replaced, and a replaced link would make the
   * policy mean another place. The judge holds it; a process with mounts alone is refused.
   */
  readonly replaceable: boolean;
}

/** What a profile means on this machine now: data from which mounts, filters, rules and verdicts are made. */
export interface SandboxPlan {
  /** What a path has that no rule speaks of. `nothing`: it is not there at all. */
  readonly disk: "nothing" | "read" | "write";
  /** Sorted by path (a parent comes before its children), each path once. */
  readonly rules: readonly PathRule[];
  /** Judge paths that appear later, too; what matched when the plan was made stands among the rules. */
  readonly denyGlobs: readonly DenyGlob[];
  /** Links on the way to what the policy names, sorted by path. Where nothing else is there, they have to be made. */
  readonly links: readonly NamedLink[];
  readonly network: Network;
  /** Where a rule takes something away, names mean the same in whatever case: it holds for each spelling. */
  readonly foldsCase: boolean;
  /** Reading, writing is restricted nowhere: such requests need no helper. */
  readonly fullDiskRead: boolean;
  readonly fullDiskWrite: boolean;
  /**
   * Denied files that have further names (hard links): `device:inode`. Whoever can open by inode refuses them under
   * any name.
   */
  readonly deniedInodes: ReadonlySet<string>;
  /** Some of these files, by a denied path: masks made from this plan leave them readable under their other names. */
  readonly alsoNamed: readonly string[];
  /**
   * Directories that were not looked at for matches of deny globs or for further names of denied files, because a limit
   * was reached. The judge needs no look; masks made from this plan have holes there.
   */
  readonly unscanned: readonly string[];
  /** Identical for identical plans over unchanged objects: the policy's canonical text and the identity of what it names. */
  readonly key: string;
}
