import type { Access, ManagedPolicy, PolicyEntry } from "../policy/sandbox-policy.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";
import type { HostFacts } from "./host-facts.ts";
import { descend, normalPath } from "./lexical-path.ts";
import type { PathRule } from "./sandbox-plan.ts";

/** A place that the policy speaks of, as it names it: links are not followed yet. */
export interface WantedPath {
  readonly path: string;
  readonly access: Access;
  readonly why: PathRule["why"];
}

/** What `minimal` stands for, as far as it is there. */
const minimalPaths = [
  "/bin",
  "/sbin",
  "/usr",
  "/etc",
  "/lib",
  "/lib64",
  "/nix/store",
  "/run/current-system/sw",
] as const;

/** The places that a policy's entries name, globs aside, in the policy's order. */
export function wantedPaths(policy: ManagedPolicy, facts: HostFacts): WantedPath[] {
  return policy.entries.flatMap((entry) =>
    placesOf(entry, policy, facts).map(
      (path): WantedPath => ({
        path: normalPath(path),
        access: entry.access,
        why: entry.target.kind === "minimal" ? "minimal" : "entry",
      }),
    ),
  );
}

function placesOf(entry: PolicyEntry, policy: ManagedPolicy, facts: HostFacts): readonly string[] {
  const { target } = entry;
  switch (target.kind) {
    case "path":
      return [target.path];
    case "root":
      return ["/"];
    case "minimal":
      return minimalPaths;
    case "tmpdir":
      return facts.temporaryDirectory?.startsWith("/") === true ? [facts.temporaryDirectory] : [];
    case "slashTmp":
      return ["/tmp"];
    case "projectRoots":
      return policy.workspaceRoots.flatMap((root) => below(root, target.subpath ?? "", entry.access));
    case "unknown":
    case "glob":
      return [];
  }
}

/** A subpath that leaves its root grants nothing; one that is to deny something cannot be dropped in silence. */
function below(root: string, subpath: string, access: Access): readonly string[] {
  const path = descend(root, subpath);
  if (path !== null) return [path];
  if (access !== "deny") return [];
  throw new SandboxRefusal(
    `the sandbox denies the subpath \`${subpath}\` of the workspace roots, which leads out of them: name the path itself`,
  );
}
