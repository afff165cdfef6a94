import { accessOf } from "../plan/access-of.ts";
import type { SandboxPlan } from "../plan/sandbox-plan.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";
import { privatePaths } from "./private-directory.ts";

/**
 * Where nothing can be mounted over our own directory, no command may be able to write it: what servers and later
 * sandboxes go by lies there. Throws SandboxRefusal that names it.
 */
export function refuseExposedState(plan: SandboxPlan): void {
  const path = privatePaths().find((candidate) => accessOf(plan, candidate) === "write");
  if (path === undefined) return;
  throw new SandboxRefusal(`Landlock cannot keep ${path}, the server's own, out of a writable directory`);
}
