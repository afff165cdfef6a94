import type { Access, Network } from "../policy/sandbox-policy.ts";
import type { DenyGlob } from "./deny-glob.ts";

/**
 * One path whose access differs from what is above it. Both `path` and everything below it, until a deeper rule.
 * `missing` names the whole path although nothing is there.
 */
export interface PathRule {
  /** Real path: no symbolic link in it. */
  readonly path: string;
  readonly access: Access;
  readonly stands: "directory" | "file" | "missing";
  /** `protected`: one of `.git .agents .codex .aws` at the top of a writable root. `private`: the server's own. */
  readonly why: "entry" | "protected" | "glob" | "minimal" | "private";
}

/** What a profile means on this machine now: data from which mounts, filters, rules and verdicts are made. */
export interface SandboxPlan {
  /** What a path has that no rule speaks of. `nothing`: it is not there at all. */
  readonly disk: "nothing" | "read" | "write";
  /** Sorted by path (a parent comes before its children), each path once. */
  readonly rules: readonly PathRule[];
  /** Judge paths that appear later, too; what matched when the plan was made stands among the rules. */
  readonly denyGlobs: readonly DenyGlob[];
  readonly network: Network;
  /** Reading, writing is restricted nowhere: such requests need no helper. */
  readonly fullDiskRead: boolean;
  readonly fullDiskWrite: boolean;
  /**
   * Denied files that have further names (hard links): `device:inode`. Whoever can open by inode refuses them under
   * any name.
   */
  readonly deniedInodes: ReadonlySet<string>;
  /** Identical for identical plans over unchanged objects: the policy's canonical text and the identity of what it names. */
  readonly key: string;
}
