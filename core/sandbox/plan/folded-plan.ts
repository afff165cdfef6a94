import type { PathRule, SandboxPlan } from "./sandbox-plan.ts";

/** What tells paths apart where case does not. */
export function foldedText(text: string): string {
  // Up first: some letters have two small forms.
  return text.normalize("NFC").toUpperCase().toLowerCase();
}

const strictness = { write: 0, read: 1, deny: 2 } as const;
const folded = new WeakMap<SandboxPlan, SandboxPlan>();

/** A plan that speaks of folded paths. Of several rules that come to one path the strictest holds. */
export function foldedPlan(plan: SandboxPlan): SandboxPlan {
  const known = folded.get(plan);
  if (known !== undefined) return known;
  const rules = new Map<string, PathRule>();
  for (const rule of plan.rules) {
    const path = foldedText(rule.path);
    const other = rules.get(path);
    if (other !== undefined && strictness[other.access] >= strictness[rule.access]) continue;
    rules.set(path, { ...rule, path });
  }
  const made: SandboxPlan = {
    ...plan,
    rules: [...rules.values()],
    denyGlobs: plan.denyGlobs.map(({ pattern, base, rest }) => ({
      pattern,
      base: foldedText(base),
      rest: foldedText(rest),
    })),
  };
  folded.set(plan, made);
  return made;
}
