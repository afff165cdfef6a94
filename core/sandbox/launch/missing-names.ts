import { lstatSync } from "node:fs";
import { dirname } from "node:path";
import { missingBelowWritable } from "../bubblewrap/mount-points.ts";
import type { PathRule, SandboxPlan } from "../plan/sandbox-plan.ts";
import { type MissingName, placeholderEntry } from "./placeholder.ts";

/**
 * What has to be held on the host for each of these rules: the first component of its path that is missing, or the
 * path itself where it is there only because another sandbox holds it. By the path of the rule.
 */
export function missingNames(plan: SandboxPlan, registry: string): ReadonlyMap<string, MissingName> {
  const names = new Map<string, MissingName>();
  for (const rule of missingBelowWritable(plan)) names.set(rule.path, nameFor(rule));
  for (const rule of plan.rules) {
    if (rule.access === "write" || rule.stands === "missing" || rule.stands === "link") continue;
    if (!exists(placeholderEntry(registry, rule.path))) continue;
    names.set(rule.path, { path: rule.path, kind: rule.stands });
  }
  return names;
}

function nameFor(rule: PathRule): MissingName {
  const path = firstMissing(rule.path);
  // A file refuses everything below it; what programs know as a directory stays one.
  const kind = path === rule.path && rule.why === "protected" ? "directory" : "file";
  return { path, kind };
}

/** The highest part of a path where nothing is, or the path itself when all of it is there by now. */
function firstMissing(path: string): string {
  const above = dirname(path);
  return above === "/" || exists(above) ? path : firstMissing(above);
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
