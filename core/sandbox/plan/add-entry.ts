import type { Drafting } from "./drafting.ts";
import type { PathFact } from "./host-facts.ts";
import type { ResolvedPath } from "./resolve-path.ts";
import type { WantedPath } from "./wanted-paths.ts";

/** A place after its links were followed. */
export interface AddedEntry {
  readonly wanted: WantedPath;
  readonly resolved: ResolvedPath;
}

/** Makes a rule of a place that the policy names. A writable place that is not there is none. */
export function addEntry(wanted: WantedPath, { resolver, table, links }: Drafting): AddedEntry {
  const resolved = resolver.resolve(wanted.path);
  const { path, fact } = resolved;
  const { access, why } = wanted;
  const there = fact.stands !== "missing";
  // `minimal` stands for what there is of it, and the server's own places exist.
  const stands = there || (access !== "write" && why !== "minimal" && why !== "private");
  // `minimal` adds to a hidden disk; on one that is there it narrows nothing.
  const counts = stands && (why !== "minimal" || access === "deny" || table.disk === "nothing");
  if (counts) {
    table.add({ rule: { path, access, stands: fact.stands, why }, identity: identityOf(fact) });
    links.add(wanted, resolved);
  }
  return { wanted, resolved };
}

/** `device:inode`, empty for what is missing. */
export function identityOf(fact: PathFact): string {
  return fact.stands === "missing" ? "" : `${fact.device}:${fact.inode}`;
}
