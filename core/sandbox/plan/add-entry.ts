import { SandboxRefusal } from "../sandbox-refusal.ts";
import type { Drafting } from "./drafting.ts";
import type { PathFact } from "./host-facts.ts";
import { isWithin, parentPath } from "./lexical-path.ts";
import type { ResolvedPath } from "./resolve-path.ts";
import type { WantedPath } from "./wanted-paths.ts";

/** A place after its links were followed. */
export interface AddedEntry {
  readonly wanted: WantedPath;
  readonly resolved: ResolvedPath;
}

/** Makes rules of all places that a policy names. */
export function addEntries(wanted: readonly WantedPath[], drafting: Drafting): AddedEntry[] {
  const entries = wanted.map((place) => ({ wanted: place, resolved: drafting.resolver.resolve(place.path) }));
  // Whether a link can be trusted to show something depends on what may be written.
  for (const entry of entries) if (!isReadByLink(entry)) addRule(entry, drafting);
  for (const entry of entries) if (isReadByLink(entry)) showByLink(entry, drafting);
  return entries;
}

/** Makes a rule of one place that is denied. */
export function addDenied(path: string, why: "glob" | "private", drafting: Drafting): void {
  const wanted = { path, access: "deny", why } as const;
  addRule({ wanted, resolved: drafting.resolver.resolve(path) }, drafting);
}

/** Of what stands at a path, and of nothing that takes its place; empty for what is missing. */
export function identityOf(fact: PathFact): string {
  if (fact.stands === "missing") return "";
  return `${fact.device}:${fact.inode}${fact.stands === "link" ? "" : `:${fact.born}`}`;
}

/** A writable place that is not there is none. */
function addRule({ wanted, resolved }: AddedEntry, { resolver, table, links }: Drafting): void {
  const { path, fact } = resolved;
  const { access, why } = wanted;
  if (path === "/") {
    throw new SandboxRefusal(`\`${wanted.path}\` leads to the root of the disk: name that itself`);
  }
  const there = fact.stands !== "missing";
  // `minimal` stands for what there is of it.
  if (!there && (access === "write" || why === "minimal")) return;
  // `minimal` adds to a hidden disk; on one that is there it narrows nothing.
  if (why === "minimal" && access === "read" && table.disk !== "nothing") return;
  table.add({ rule: { path, access, stands: fact.stands, why }, identity: identityOf(fact) });
  links.add(wanted, resolved, leavesWorkspace({ wanted, resolved }, resolver));
}

function isReadByLink({ wanted, resolved }: AddedEntry): boolean {
  return wanted.access === "read" && wanted.why === "entry" && resolved.links.length > 0;
}

/** A link that a sandbox could have made shows it nothing that is hidden; it still is what it is. */
function showByLink(entry: AddedEntry, drafting: Drafting): void {
  const { wanted, resolved } = entry;
  const { facts, resolver, table, links } = drafting;
  const isDoubtful = () =>
    leavesWorkspace(entry, resolver) ||
    resolved.links.some(({ path }) => table.standing(path) === "write" || facts.mayBeWritten(path));
  if (table.standing(parentPath(resolved.path)) === "nothing" && isDoubtful())
    links.add(wanted, resolved, false);
  else addRule(entry, drafting);
}

function leavesWorkspace({ wanted, resolved }: AddedEntry, resolver: Drafting["resolver"]): boolean {
  if (wanted.within === undefined || resolved.links.length === 0) return false;
  return !isWithin(resolved.path, resolver.resolve(wanted.within).path);
}
