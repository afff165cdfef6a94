import { accessAbove } from "../plan/access-above.ts";
import type { PathRule, SandboxPlan } from "../plan/sandbox-plan.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";
import { isBelow, type MountPoint } from "./mount-tree.ts";

/** What was made on the host so that a mask can stand where nothing is. */
export interface Placeholder {
  /** What a rule names, or the first component of it that was missing. */
  readonly path: string;
  readonly stands: "directory" | "file";
}

/**
 * Where nothing has to stand: in this directory the account, and so the program, may make nothing whatever the profile
 * says. It has to stay where it is, though: somebody who may write around it could move it away, and make another.
 */
export interface ClosedDirectory {
  readonly path: string;
  readonly stands: "closed";
}

/**
 * Denied, read-only and protected paths that do not exist and that the program could make, since what is above them is
 * writable: each needs a placeholder while the program runs.
 */
export function missingBelowWritable(plan: SandboxPlan): readonly PathRule[] {
  const above = accessAbove(plan);
  return plan.rules.filter(
    ({ access, path, stands }) => stands === "missing" && access !== "write" && above(path) === "write",
  );
}

/** What the points depend on beside the plan; see BubblewrapLaunch. */
export interface MountPointsLaunch {
  readonly placeholders: ReadonlyMap<string, Placeholder | ClosedDirectory>;
  readonly noDevices?: boolean;
}

/**
 * Where the view inside changes: the plan's rules, placeholders for what is missing, and the kernel's directories,
 * which a sandbox has of its own. Throws SandboxRefusal for a rule that these cannot serve.
 */
export function mountPoints(
  plan: SandboxPlan,
  { placeholders, noDevices = false }: MountPointsLaunch,
): readonly MountPoint[] {
  const points = new Map<string, MountPoint>(
    ownPoints(plan)
      .filter(({ path }) => !(noDevices && path.startsWith("/dev")))
      .map((point) => [point.path, point]),
  );
  for (const rule of plan.rules) {
    const { path, access, stands } = rule;
    // Nothing can be mounted on a link, and what it leads to has a rule of its own.
    if (stands === "missing" || stands === "link" || isOwn(rule)) continue;
    points.set(path, { path, access, stands });
  }
  for (const rule of missingBelowWritable(plan)) {
    const placeholder = placeholders.get(rule.path);
    if (placeholder === undefined) {
      throw new SandboxRefusal(
        `nothing stands at ${rule.path}, so that the sandboxed process could make what the profile keeps from it`,
      );
    }
    const { path } = placeholder;
    if (placeholder.stands === "closed") {
      if (path === "/") continue;
      points.set(path, { access: "write", stands: "directory", ...points.get(path), path, pinned: true });
      continue;
    }
    const { stands } = placeholder;
    if (path !== rule.path && !isBelow(rule.path, path)) {
      throw new SandboxRefusal(`${path} does not keep ${rule.path} from being made`);
    }
    // One placeholder may stand for several rules: the strictest of them holds.
    const access = points.get(path)?.access === "deny" ? "deny" : rule.access;
    points.set(path, { path, access, stands });
  }
  return [...points.values()];
}

function ownPoints(plan: SandboxPlan): readonly MountPoint[] {
  const stands = "directory";
  const points: MountPoint[] = [
    { path: "/dev", access: "read", stands, own: "dev" },
    { path: "/dev/shm", access: "write", stands, own: "shm" },
    { path: "/proc", access: "read", stands, own: "proc" },
    { path: "/proc/sys", access: "read", stands, own: "sysctl" },
  ];
  // Files below it command devices, and uid 0 inside is uid 0 to them when the server is root.
  if (plan.disk === "write") points.push({ path: "/sys", access: "read", stands });
  return points;
}

/** Grants on what the sandbox has of its own change nothing; the host's /proc and its processes stay outside. */
function isOwn(rule: PathRule): boolean {
  if (rule.path === "/dev") return rule.access !== "deny";
  if (rule.path !== "/proc" && !isBelow(rule.path, "/proc")) return false;
  if (rule.access !== "deny") return true;
  if (rule.path === "/proc") throw new SandboxRefusal("/proc cannot be denied: a sandbox has one of its own");
  // A process of the host is not to be seen inside at all.
  return /^\/proc\/(\d|self|thread-self)/.test(rule.path);
}
