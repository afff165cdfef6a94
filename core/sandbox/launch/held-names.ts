import { accessSync, constants, lstatSync } from "node:fs";
import { dirname } from "node:path";
import { limits } from "../../limits.ts";
import type { Placeholder as BoundPlaceholder, ClosedDirectory } from "../bubblewrap/mount-points.ts";
import type { SandboxPlan } from "../plan/sandbox-plan.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";
import { missingNames } from "./missing-names.ts";
import { holdNetworkedMark } from "./networked-mark.ts";
import { holdPlaceholder, type MissingName, type Placeholder, releasePlaceholder } from "./placeholder.ts";

/** What stands at the names that a plan takes from its sandbox. */
export interface HeldNames {
  readonly placeholders: readonly Placeholder[];
  /** By the path of the rule: what there is to be mounted over. */
  readonly stands: ReadonlyMap<string, BoundPlaceholder | ClosedDirectory>;
}

export const noNames: HeldNames = { placeholders: [], stands: new Map() };

/** Takes hold of every name that a plan needs held, or of none. Throws SandboxRefusal. */
export async function holdNames(plan: SandboxPlan, registry: string): Promise<HeldNames> {
  const held = new Map<string, Placeholder>();
  const stands = new Map<string, BoundPlaceholder | ClosedDirectory>();
  try {
    for (const [rule, name] of missingNames(plan, registry)) {
      if (cannotBeMade(name.path)) {
        stands.set(rule, { path: dirname(name.path), stands: "closed" });
        continue;
      }
      const placeholder = held.get(name.path) ?? (await hold(name, registry));
      if (placeholder !== undefined) held.set(name.path, placeholder);
      if (held.size > limits.placeholders) throw tooMany(plan);
      stands.set(rule, { path: name.path, stands: placeholder?.kind ?? kindOf(name.path) });
    }
    for (const mark of holdNetworkedMark(plan)) held.set(mark.path, mark);
    return { placeholders: [...held.values()], stands };
  } catch (error) {
    for (const placeholder of held.values()) releasePlaceholder(placeholder);
    throw error;
  }
}

function tooMany(plan: SandboxPlan): SandboxRefusal {
  const missing = plan.rules.filter((rule) => rule.stands === "missing").length;
  return new SandboxRefusal(
    `the profile keeps ${missing} names from being made that are missing; at most ${limits.placeholders} can be held`,
  );
}

async function hold(name: MissingName, registry: string): Promise<Placeholder | undefined> {
  try {
    return await holdPlaceholder(name, registry);
  } catch (error) {
    if (error instanceof SandboxRefusal) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new SandboxRefusal(`nothing can be put at ${name.path} to keep it from being made: ${why}`, {
      cause: error,
    });
  }
}

/**
 * Whether nothing can be made there: on a file system that is read-only for everybody, or where the account may not, as
 * in `/` for all but root. Then the process may not either, which has the same account and no capability. A directory of
 * the account's own does not count, since it can change its mode.
 */
function cannotBeMade(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) === undefined && !mayChange(dirname(path));
}

/** Whether the account can put names into a directory, or could once it has changed the directory's mode. */
function mayChange(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EROFS") return false;
    if (code !== "EACCES") return true;
    return lstatSync(directory, { throwIfNoEntry: false })?.uid === process.geteuid?.();
  }
}

function kindOf(path: string): "directory" | "file" {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ? "directory" : "file";
}
