import { accessAbove } from "../plan/access-above.ts";
import type { SandboxPlan } from "../plan/sandbox-plan.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";
import { mountArguments } from "./mount-arguments.ts";
import { mountPoints, type Placeholder } from "./mount-points.ts";
import { mountTree } from "./mount-tree.ts";

/** What a launch has ready for its bubblewrap. */
export interface BubblewrapLaunch {
  /** Where bubblewrap finds the filter. */
  readonly seccompDescriptor: number;
  /** An empty file of mode 000 on the host, in a directory that the plan denies. */
  readonly maskFile: string;
  /** One for each of missingBelowWritable, unless judged. */
  readonly placeholders: readonly Placeholder[];
  /**
   * O_PATH descriptors that bubblewrap inherits, by the path of a rule with `write`. Only where it has `--bind-fd`: it
   * then compares what it mounted with the descriptor, and a name that was exchanged in between ends the start.
   */
  readonly descriptors: ReadonlyMap<string, number>;
  /** Whether somebody inside judges every path himself, and so holds what no mount can. */
  readonly judged: boolean;
  /** Whether a session of its own is wanted from bubblewrap; the target of a terminal makes one itself. */
  readonly newSession: boolean;
  /** Absent: bubblewrap's own choice. */
  readonly chdir?: string;
}

/** bubblewrap.c, MAX_ARGS: more than 9000 in all end it. Some are left for its own command line. */
const maxArguments = 8_900;

/**
 * Everything that bubblewrap is told (by `--args`) up to and without `--` and the command. The environment and the
 * command itself are not its business. Throws SandboxRefusal for what cannot be mounted.
 *
 * Nested user namespaces are refused by the filter (clone, unshare, clone3) and not by `--disable-userns`: that costs a
 * second user namespace, a write to the inner /proc/sys that is read-only here, and is missing before 0.8.
 */
export function bubblewrapArguments(plan: SandboxPlan, launch: BubblewrapLaunch): readonly string[] {
  if (!launch.judged) refuseUnmountable(plan);
  const tree = mountTree(mountPoints(plan, launch));
  const made = [
    ...["--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup"],
    ...(plan.network === "enabled" ? [] : ["--unshare-net"]),
    ...["--as-pid-1", "--die-with-parent"],
    ...(launch.newSession ? ["--new-session"] : []),
    ...["--cap-drop", "ALL", "--seccomp", `${launch.seccompDescriptor}`],
    ...mountArguments(plan, tree, launch),
    ...(launch.chdir === undefined ? [] : ["--chdir", launch.chdir]),
  ];
  if (made.length <= maxArguments) return made;
  throw new SandboxRefusal(
    `the profile needs ${made.length} arguments for its mounts, of which bubblewrap takes ${maxArguments}: ` +
      `${plan.rules.length} paths have rules of their own`,
  );
}

/** Mounts are made once: they hold no link that can be replaced, and nothing that was not looked at. */
function refuseUnmountable(plan: SandboxPlan): void {
  const above = accessAbove(plan);
  const link =
    plan.links.find(({ replaceable }) => replaceable) ??
    plan.rules.find(({ path, stands }) => stands === "link" && above(path) === "write");
  if (link !== undefined) {
    throw new SandboxRefusal(
      `${link.path} is a symbolic link that the sandboxed process could replace, so that the profile would mean another path`,
    );
  }
  const unscanned = plan.unscanned[0];
  if (unscanned === undefined) return;
  throw new SandboxRefusal(
    `${unscanned} was not searched for denied files: the limit of the search was reached`,
  );
}
