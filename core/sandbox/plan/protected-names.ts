import { type AddedEntry, identityOf } from "./add-entry.ts";
import type { Drafting } from "./drafting.ts";
import { childPath } from "./lexical-path.ts";

/** Metadata that steers tools outside the sandbox: not to be written at the top of a writable root. */
const protectedNames = [".git", ".agents", ".codex", ".aws"] as const;

/** Narrows the protected names at the top of every writable root, unless an entry says `write` of that very path. */
export function protectNames(entries: readonly AddedEntry[], drafting: Drafting): void {
  const { table } = drafting;
  const lifted = new Set(
    entries
      .filter(({ wanted }) => wanted.access === "write")
      .flatMap(({ resolved }) => [
        resolved.path,
        ...resolved.links.filter((link) => link.last).map((link) => link.path),
      ]),
  );
  const roots = new Set(
    entries
      .filter(({ wanted, resolved }) => wanted.access === "write" && resolved.fact.stands === "directory")
      .map(({ resolved }) => resolved.path),
  );
  if (table.disk === "write") roots.add("/");
  for (const root of roots) {
    if (table.standing(root) !== "write") continue;
    for (const name of protectedNames) {
      const path = childPath(root, name);
      if (!lifted.has(path)) protect(path, drafting);
    }
  }
}

function protect(path: string, drafting: Drafting): void {
  const { resolver, table, links, facts } = drafting;
  const fact = resolver.inspect(path);
  if (fact.stands === "link") {
    const resolved = resolver.resolve(path);
    links.add({ access: "read", why: "protected" }, resolved, false);
    narrow(resolved.path, drafting);
    return;
  }
  table.add({
    rule: { path, access: "read", stands: fact.stands, why: "protected" },
    identity: identityOf(fact),
  });
  // A work tree of its own: `.git` is a file that names the directory.
  const named = fact.stands === "file" && path.endsWith("/.git") ? facts.gitDirectory(path) : null;
  if (named === null) return;
  const directory = resolver.resolve(named);
  links.add({ access: "read", why: "protected" }, directory, false);
  narrow(directory.path, drafting);
}

/** Makes a place read-only where it could be written; never shows one that is hidden. */
function narrow(path: string, { resolver, table }: Drafting): void {
  if (path === "/" || table.standing(path) !== "write") return;
  const { fact } = resolver.resolve(path);
  table.add({
    rule: { path, access: "read", stands: fact.stands, why: "protected" },
    identity: identityOf(fact),
  });
}
