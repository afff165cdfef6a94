import { foldedPlan, foldedText } from "./folded-plan.ts";
import { deepestMatch } from "./glob-matches.ts";
import { parentPath } from "./lexical-path.ts";
import type { PathRule, SandboxPlan } from "./sandbox-plan.ts";

/** What a plan lets a sandbox do with a path. `hidden`: for it nothing is there at all. */
export type Verdict = "read" | "write" | "deny" | "hidden";

/** The judge: what a plan says of a real path (absolute, normal, no link in it), whether anything is there or not. */
export function accessOf(plan: SandboxPlan, realPath: string): Verdict {
  const verdict = accessAsSpelt(plan, realPath);
  if (!plan.foldsCase) return verdict;
  const inAnyCase = accessAsSpelt(foldedPlan(plan), foldedText(realPath));
  return strictness[inAnyCase] > strictness[verdict] ? inAnyCase : verdict;
}

const strictness: Readonly<Record<Verdict, number>> = { write: 0, read: 1, hidden: 2, deny: 3 };

function accessAsSpelt(plan: SandboxPlan, realPath: string): Verdict {
  const rules = rulesByPath(plan);
  const rule = ruleAbove(rules, realPath);
  const verdict = rule?.access ?? (plan.disk === "nothing" ? "hidden" : plan.disk);
  if (verdict === "deny" || plan.denyGlobs.length === 0) return verdict;
  let matched = -1;
  for (const glob of plan.denyGlobs) matched = Math.max(matched, deepestMatch(glob, realPath));
  if (matched === -1) return verdict;
  // Below what a glob denies, as below any denied directory, only `write` opens anything.
  for (let open = rule; open !== null && open.path.length > matched; ) {
    if (open.access === "write") return verdict;
    open = open.path === "/" ? null : ruleAbove(rules, parentPath(open.path));
  }
  return "deny";
}

const indexes = new WeakMap<SandboxPlan, ReadonlyMap<string, PathRule>>();

function rulesByPath(plan: SandboxPlan): ReadonlyMap<string, PathRule> {
  let index = indexes.get(plan);
  if (index === undefined) {
    index = new Map(plan.rules.map((rule) => [rule.path, rule]));
    indexes.set(plan, index);
  }
  return index;
}

function ruleAbove(rules: ReadonlyMap<string, PathRule>, path: string): PathRule | null {
  for (let place = path; ; place = parentPath(place)) {
    const rule = rules.get(place);
    if (rule !== undefined) return rule;
    if (place === "/") return null;
  }
}
