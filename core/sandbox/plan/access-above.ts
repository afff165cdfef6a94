import type { SandboxPlan } from "./sandbox-plan.ts";

/** Answers what holds around a path of a plan, whatever a rule says of the path itself. */
export function accessAbove(plan: Pick<SandboxPlan, "disk" | "rules">) {
  const rules = new Map(plan.rules.map((rule) => [rule.path, rule.access]));
  return (path: string): SandboxPlan["disk"] | "deny" => {
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const access = rules.get(path.slice(0, end));
      if (access !== undefined) return access;
    }
    return plan.disk;
  };
}
