import type { SandboxPlan } from "../plan/sandbox-plan.ts";
import { type MountArguments, mountArguments } from "./mount-arguments.ts";
import { type ClosedDirectory, mountPoints, type Placeholder } from "./mount-points.ts";
import { mountTree } from "./mount-tree.ts";

/** What a launch has ready for its bubblewrap. */
export interface BubblewrapLaunch {
  /** Where bubblewrap finds the filter. */
  readonly seccompDescriptor: number;
  /** An empty file of mode 000 on the host, in a directory that the plan denies: it masks what is the kernel's. */
  readonly maskFile: string;
  /** One for each of missingBelowWritable, by the path of the rule. */
  readonly placeholders: ReadonlyMap<string, Placeholder | ClosedDirectory>;
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

/**
 * Everything that bubblewrap is told (by `--args`) up to and without `--` and the command, and what is mounted after it.
 * The environment and the command itself are not its business. Links that somebody inside could replace are the caller's
 * to refuse: no mount holds one. Throws SandboxRefusal for what cannot be mounted.
 *
 * Nested user namespaces are refused by the filter (clone, unshare, clone3) and not by `--disable-userns`: that costs a
 * second user namespace, a write to the inner /proc/sys that is read-only here, and is missing before 0.8.
 */
export function bubblewrapArguments(plan: SandboxPlan, launch: BubblewrapLaunch): MountArguments {
  const { bubblewrap, later } = mountArguments(plan, mountTree(mountPoints(plan, launch)), launch);
  const namespaces = [
    ...["--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup"],
    ...(plan.network === "enabled" ? [] : ["--unshare-net"]),
    ...["--as-pid-1", "--die-with-parent"],
    ...(launch.newSession ? ["--new-session"] : []),
    ...["--cap-drop", "ALL", "--seccomp", `${launch.seccompDescriptor}`],
  ];
  return { bubblewrap: [...namespaces, ...bubblewrap], later };
}
