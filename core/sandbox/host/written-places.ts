import { limits } from "../../limits.ts";
import { isWithin } from "../plan/lexical-path.ts";
import type { SandboxPlan } from "../plan/sandbox-plan.ts";

/** Directories that sandboxed processes of this server could write; the one granted last at the end. */
const places = new Set<string>();

/** A process is about to run under a plan: what it may write it may exchange for links. */
export function notePlacesWritten({ rules }: Pick<SandboxPlan, "rules">): void {
  for (const { path, access, stands } of rules) {
    if (access !== "write" || stands !== "directory") continue;
    places.delete(path);
    places.add(path);
  }
  for (const oldest of places) {
    if (places.size <= limits.sandboxWrittenPlaces) return;
    places.delete(oldest);
  }
}

/** Whether a sandboxed process of this server may have made what stands at a path. */
export function mayBeWritten(path: string): boolean {
  for (const place of places) if (path !== place && isWithin(path, place)) return true;
  return false;
}
