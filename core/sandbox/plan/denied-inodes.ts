import { limits } from "../../limits.ts";
import type { HostFacts, SharedFile } from "./host-facts.ts";
import type { PathRule } from "./sandbox-plan.ts";

export interface DeniedInodes {
  /** `device:inode` of denied files that have a name outside of what is denied. */
  readonly found: ReadonlySet<string>;
  /** Some of them by a path. */
  readonly alsoNamed: readonly string[];
  /** Denied directories that were not looked through. */
  readonly unscanned: readonly string[];
}

/** Which denied files have further names. `trees`: also files in denied directories, for which those are walked. */
export function deniedInodes(
  rules: readonly PathRule[],
  facts: Pick<HostFacts, "inspect" | "hardLinks">,
  trees: boolean,
): DeniedInodes {
  const files = new Map<string, { readonly names: number; readonly path: string; met: number }>();
  const unscanned: string[] = [];
  const meet = (identity: string, file: SharedFile) => {
    const known = files.get(identity);
    if (known === undefined) files.set(identity, { ...file });
    else known.met += file.met;
  };
  for (const { path, access, stands, why } of rules) {
    if (access !== "deny" || why === "private") continue;
    if (stands === "file") {
      const fact = facts.inspect(path);
      if (fact.stands === "file" && fact.links > 1) {
        meet(`${fact.device}:${fact.inode}`, { path, names: fact.links, met: 1 });
      }
    } else if (stands === "directory" && trees) {
      const inside = facts.hardLinks(path);
      for (const [identity, file] of inside.files) meet(identity, file);
      unscanned.push(...inside.unscanned);
    }
  }
  const found = [...files].filter(([, { names, met }]) => met < names);
  return {
    found: new Set(found.map(([identity]) => identity)),
    alsoNamed: found.slice(0, limits.sandboxPathsNamed).map(([, { path }]) => path),
    unscanned,
  };
}
