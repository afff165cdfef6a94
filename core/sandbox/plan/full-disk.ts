import type { ManagedPolicy, PolicyEntry } from "../policy/sandbox-policy.ts";

/** Whether reading is restricted nowhere: the special `root` is readable and nothing is denied, there or not. */
export function fullDiskRead({ entries }: ManagedPolicy): boolean {
  return entries.some((entry) => isRoot(entry) && entry.access !== "deny") && !entries.some(denies);
}

/** Whether writing is restricted nowhere: the special `root` is writable and no entry narrows it. */
export function fullDiskWrite({ entries }: ManagedPolicy): boolean {
  return (
    entries.some((entry) => isRoot(entry) && entry.access === "write") &&
    !entries.some((entry) => entry.access === "deny" || (entry.access === "read" && !isRoot(entry)))
  );
}

function isRoot({ target }: PolicyEntry): boolean {
  return target.kind === "root";
}

function denies({ access }: PolicyEntry): boolean {
  return access === "deny";
}
