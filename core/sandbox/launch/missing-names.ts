import { lstatSync, readdirSync, type Stats } from "node:fs";
import { basename, dirname } from "node:path";
import { missingBelowWritable } from "../bubblewrap/mount-points.ts";
import { accessAbove } from "../plan/access-above.ts";
import type { PathRule, SandboxPlan } from "../plan/sandbox-plan.ts";
import type { MissingName } from "./placeholder.ts";
import { placeholderEntry } from "./registry-entry.ts";

/**
 * What has to be held on the host for each of these rules: the first component of its path that is missing, or the
 * path itself where it is there only because another sandbox holds it, or may be, or was when the plan was made. By the
 * path of the rule.
 */
export function missingNames(plan: SandboxPlan, registry: string): ReadonlyMap<string, MissingName> {
  const names = new Map<string, MissingName>();
  for (const rule of missingBelowWritable(plan)) names.set(rule.path, nameFor(rule));
  const above = accessAbove(plan);
  const held = new Set(readdirSync(registry));
  const isHeld = (path: string): boolean =>
    held.size > 0 && held.has(basename(placeholderEntry(registry, path)));
  for (const { path, access, stands, why } of plan.rules) {
    if (access === "write" || stands === "missing" || stands === "link" || above(path) !== "write") continue;
    const there = look(path);
    if (there === undefined || isHeld(path) || (why !== "glob" && isEmpty(path, there)))
      names.set(path, { path, kind: stands });
  }
  return names;
}

function nameFor(rule: PathRule): MissingName {
  const path = firstMissing(rule.path);
  // A file refuses everything below it; what programs know as a directory stays one.
  const kind = path === rule.path && rule.why === "protected" ? "directory" : "file";
  return { path, kind };
}

/** The highest part of a path that lies in a directory and is none itself. */
function firstMissing(path: string): string {
  const above = dirname(path);
  return above === "/" || look(above)?.isDirectory() === true ? path : firstMissing(above);
}

/** What is empty may be somebody's placeholder, and vanish under its mount. */
function isEmpty(path: string, there: Stats): boolean {
  try {
    return there.isDirectory() ? readdirSync(path).length === 0 : there.isFile() && there.size === 0;
  } catch {
    return false;
  }
}

function look(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    // Below a file, for one.
    return undefined;
  }
}
