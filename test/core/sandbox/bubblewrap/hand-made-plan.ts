import type { PathRule, SandboxPlan } from "../../../../core/sandbox/plan/sandbox-plan.ts";

/** A rule in short: path, access, what stands there (a directory unless said), why (an entry unless said). */
export function rule(
  path: string,
  access: PathRule["access"],
  more: Partial<Pick<PathRule, "stands" | "why">> = {},
): PathRule {
  return { path, access, stands: "directory", why: "entry", ...more };
}

/** A plan of these rules alone, put in order. */
export function plan(
  disk: SandboxPlan["disk"],
  rules: readonly PathRule[],
  more: Partial<SandboxPlan> = {},
): SandboxPlan {
  return {
    disk,
    rules: [...rules].sort((a, b) => (a.path < b.path ? -1 : 1)),
    denyGlobs: [],
    links: [],
    network: "restricted",
    fullDiskRead: false,
    fullDiskWrite: false,
    deniedInodes: new Set(),
    foldsCase: false,
    alsoNamed: [],
    unscanned: [],
    key: "hand-made",
    ...more,
  };
}

/** The ten lines that say what a plan means: the nearest rule decides; denied where nothing is granted is not there. */
export function meaning(plan: SandboxPlan, path: string): "read" | "write" | "deny" | "hidden" {
  const nearest = (at: string): "read" | "write" | "deny" | "hidden" => {
    const found = plan.rules.find((rule) => rule.path === at && rule.stands !== "missing");
    const above = () => (at === "/" ? (plan.disk === "nothing" ? "hidden" : plan.disk) : nearest(parent(at)));
    if (found === undefined) return above();
    return found.access === "deny" && above() === "hidden" ? "hidden" : found.access;
  };
  return nearest(path);
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}
