import type { HostFacts } from "./host-facts.ts";
import type { PathRule } from "./sandbox-plan.ts";

export interface DeniedInodes {
  /** `device:inode` of denied files that have a name outside of what is denied. */
  readonly found: ReadonlySet<string>;
  /** Denied directories that were not looked through. */
  readonly unscanned: readonly string[];
}

/** Which denied files have further names. `trees`: also files in denied directories, for which those are walked. */
export function deniedInodes(
  rules: readonly PathRule[],
  facts: Pick<HostFacts, "inspect" | "hardLinks">,
  trees: boolean,
): DeniedInodes {
  const files = new Map<string, { readonly names: number; met: number }>();
  const unscanned: string[] = [];
  const meet = (identity: string, names: number, met: number) => {
    const known = files.get(identity);
    if (known === undefined) files.set(identity, { names, met });
    else known.met += met;
  };
  for (const { path, access, stands, why } of rules) {
    if (access !== "deny" || why === "private") continue;
    if (stands === "file") {
      const fact = facts.inspect(path);
      if (fact.stands === "file" && fact.links > 1) meet(`${fact.device}:${fact.inode}`, fact.links, 1);
    } else if (stands === "directory" && trees) {
      const inside = facts.hardLinks(path);
      for (const [identity, { names, met }] of inside.files) meet(identity, names, met);
      unscanned.push(...inside.unscanned);
    }
  }
  const found = [...files].filter(([, { names, met }]) => met < names).map(([identity]) => identity);
  return { found: new Set(found), unscanned };
}
