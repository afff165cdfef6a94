import { closeSync, constants, openSync } from "node:fs";
import { join } from "node:path";
import { tryLock } from "../../host/file-lock.ts";
import type { SandboxPlan } from "../plan/sandbox-plan.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";
import { holdPlaceholder, type Placeholder } from "./placeholder.ts";
import { privateDirectory } from "./private-directory.ts";

/**
 * What is held, as a placeholder is, while a sandbox with network runs: so every server of the account can tell that
 * there is one. None for a plan without network. Throws SandboxRefusal.
 */
export async function holdNetworkedMark(plan: SandboxPlan): Promise<readonly Placeholder[]> {
  if (plan.network !== "enabled") return [];
  const mark = await holdPlaceholder({ path: markPath(), kind: "file" }, privateDirectory().placeholders);
  if (mark !== undefined) return [mark];
  throw new SandboxRefusal(`${markPath()} is in the way: it says that sandboxes with network run`);
}

/** Whether a sandbox with network runs, of any server of this account. In doubt it does. */
export function networkedSandboxesRun(): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(markPath(), constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ENOENT");
  }
  try {
    return !tryLock(descriptor, "exclusive");
  } finally {
    closeSync(descriptor);
  }
}

function markPath(): string {
  return join(privateDirectory().path, "networked");
}
