import type { ManagedPolicy, PolicyEntry, PolicyTarget } from "../policy/sandbox-policy.ts";

/** Whether reading is restricted nowhere: the special `root` is readable and nothing is denied, there or not. */
export function fullDiskRead({ entries }: ManagedPolicy): boolean {
  return entries.some((entry) => isRoot(entry) && entry.access !== "deny") && !entries.some(denies);
}

/** Whether writing is restricted nowhere: the special `root` is writable and no entry narrows it. */
export function fullDiskWrite({ entries }: ManagedPolicy): boolean {
  return (
    entries.some((entry) => isRoot(entry) && entry.access === "write") &&
    !entries.some((entry) => narrows(entry, entries))
  );
}

/** `minimal` and names that nobody knows only ever add reading; the stronger entry of two on one place counts. */
function narrows({ target, access }: PolicyEntry, entries: readonly PolicyEntry[]): boolean {
  if (access !== "read") return access === "deny";
  if (target.kind === "minimal" || target.kind === "unknown") return false;
  return !entries.some((other) => other.access === "write" && isSame(other.target, target));
}

function isSame(one: PolicyTarget, other: PolicyTarget): boolean {
  switch (one.kind) {
    case "path":
      return other.kind === "path" && other.path === one.path;
    case "projectRoots":
      return other.kind === "projectRoots" && other.subpath === one.subpath;
    case "glob":
      return false;
    default:
      return other.kind === one.kind;
  }
}

function isRoot({ target }: PolicyEntry): boolean {
  return target.kind === "root";
}

function denies({ access }: PolicyEntry): boolean {
  return access === "deny";
}
