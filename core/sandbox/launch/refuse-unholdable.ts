import { accessAbove } from "../plan/access-above.ts";
import type { PathRule, SandboxPlan } from "../plan/sandbox-plan.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";

/**
 * Mounts hold what has a place of its own when they are made. A link that the process could replace has none, a denied file
 * with further names has other places, and a directory that was not searched may hold denied files.
 * Throws SandboxRefusal that names the path.
 */
export function refuseUnholdable(plan: SandboxPlan): void {
  const link =
    plan.links.find((candidate) => candidate.replaceable)?.path ??
    plan.rules.find((rule) => rule.stands === "link" && rule.access !== "write")?.path;
  if (link !== undefined) {
    throw new SandboxRefusal(
      `${link} is a symbolic link that the process could replace, so that the profile's rule for it cannot be held`,
    );
  }
  const [shared] = plan.alsoNamed;
  if (shared !== undefined) {
    throw new SandboxRefusal(
      `${shared} is denied and has another name (a hard link) outside of what is denied, under which the process could use it`,
    );
  }
  const spelt = plan.foldsCase ? plan.rules.find(takesByOneName(plan)) : undefined;
  if (spelt !== undefined) {
    throw new SandboxRefusal(
      `${spelt.path} has other names in its file system, which are the same in capitals, and the profile's rule for it cannot be held`,
    );
  }
  const [unscanned] = plan.unscanned;
  if (unscanned === undefined) return;
  throw new SandboxRefusal(
    `${unscanned} was not searched for files that the profile denies: a limit was reached, it cannot be read, or its name is no text`,
  );
}

/**
 * Whether a rule takes something away by a mask on one name. What is the same in capitals has other names, which have no
 * mask: files have, while the kernel knows each directory by one name alone.
 */
function takesByOneName(plan: SandboxPlan): (rule: PathRule) => boolean {
  const above = accessAbove(plan);
  return ({ path, access, stands, why }) => {
    if (access === "write" || why === "private") return false;
    const around = above(path);
    if (stands === "missing") return why !== "protected" && around === "write";
    return stands === "file" && (around === "write" || (access === "deny" && around === "read"));
  };
}
