import type { SandboxPlan } from "../plan/sandbox-plan.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";
import { mountArguments } from "./mount-arguments.ts";
import { type ClosedDirectory, mountPoints, type Placeholder } from "./mount-points.ts";
import { mountTree } from "./mount-tree.ts";

/** What a launch has ready for its bubblewrap. */
export interface BubblewrapLaunch {
  /** Where bubblewrap finds the filter. */
  readonly seccompDescriptor: number;
  /** An empty file of mode 000 on the host, in a directory that the plan denies. */
  readonly maskFile: string;
  /** One for each of missingBelowWritable, by the path of the rule. */
  readonly placeholders: ReadonlyMap<string, Placeholder | ClosedDirectory>;
  /**
   * O_PATH descriptors that bubblewrap inherits, by the path that they were opened at; see boundPaths. Only where it
   * has `--bind-fd`: it then compares what it mounted with the descriptor, and ends when the name leads elsewhere by
   * then. By its name alone a path may be exchanged between the plan and the mount by another sandbox that can write
   * around it: a relative link there would open any path of the host to this one.
   */
  readonly descriptors: ReadonlyMap<string, number>;
  /**
   * True: no /dev of its own, which takes bubblewrap 1 ms to make. Where the plan shows the disk, the host's is seen as
   * all of it: read-only, and no device in it can be opened. For who judges every path himself.
   */
  readonly noDevices?: boolean;
  /** The terminal of the sandboxed program, by its name on the host: bubblewrap has none of its own to look at. */
  readonly terminal?: string;
  /** Whether a session of its own is wanted from bubblewrap; the target of a terminal makes one itself. */
  readonly newSession: boolean;
}

/** bubblewrap.c, MAX_ARGS: more than 9000 in all end it. Some are left for its own command line. */
const maxArguments = 8_900;

/**
 * Everything that bubblewrap is told (by `--args`) up to and without `--` and the command. The environment and the
 * command itself are not its business. Links that somebody inside could replace are the caller's to refuse: no mount
 * holds one. Throws SandboxRefusal for what cannot be mounted.
 *
 * Nested user namespaces are refused by the filter (clone, unshare, clone3) and not by `--disable-userns`: that costs a
 * second user namespace, a write to the inner /proc/sys that is read-only here, and is missing before 0.8.
 */
export function bubblewrapArguments(plan: SandboxPlan, launch: BubblewrapLaunch): readonly string[] {
  const tree = mountTree(mountPoints(plan, launch));
  const made = [
    ...["--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup"],
    ...(plan.network === "enabled" ? [] : ["--unshare-net"]),
    ...["--as-pid-1", "--die-with-parent"],
    ...(launch.newSession ? ["--new-session"] : []),
    ...["--cap-drop", "ALL", "--seccomp", `${launch.seccompDescriptor}`],
    ...mountArguments(plan, tree, launch),
  ];
  if (made.length <= maxArguments) return made;
  throw new SandboxRefusal(
    `the profile needs ${made.length} arguments for its mounts, of which bubblewrap takes ${maxArguments}: ` +
      `${plan.rules.length} paths have rules of their own`,
  );
}
