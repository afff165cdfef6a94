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
  /** The workspace root that it is a subpath of: links in there are not the word of the policy's author. */
  readonly within?: string;
}

/** What `minimal` stands for, as far as it is there; it is for reading alone. */
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

/**
 * The places that a policy's entries name, globs aside, in the policy's order. Throws SandboxRefusal for a place that is
 * to be kept from somebody and that nobody here knows; a grant on one grants nothing.
 */
export function wantedPaths(policy: ManagedPolicy, facts: HostFacts): WantedPath[] {
  return policy.entries.flatMap((entry) => placesOf(entry, policy, facts));
}

function placesOf({ target, access }: PolicyEntry, policy: ManagedPolicy, facts: HostFacts): WantedPath[] {
  const place = (path: string): WantedPath => ({ path: normalPath(path), access, why: "entry" });
  switch (target.kind) {
    case "path":
      return [place(target.path)];
    case "root":
      return [place("/")];
    case "minimal":
      return minimalPaths.map((path) => ({
        path,
        access: access === "deny" ? "deny" : "read",
        why: "minimal",
      }));
    case "tmpdir":
      return facts.temporaryDirectory?.startsWith("/") === true ? [place(facts.temporaryDirectory)] : [];
    case "slashTmp":
      return [place("/tmp")];
    case "projectRoots":
      return policy.workspaceRoots.map((root) => {
        const below = descend(root, target.subpath ?? "");
        // As in the reference: a subpath that leads out of its root closes the whole root.
        return below === null
          ? { ...place(root), access: "deny" }
          : { ...place(below), within: normalPath(root) };
      });
    case "unknown":
      if (access === "deny") throw new SandboxRefusal("the profile denies a special path of an unknown kind");
      return [];
    case "glob":
      return [];
  }
}
