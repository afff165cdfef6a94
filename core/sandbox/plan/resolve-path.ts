import { limits } from "../../limits.ts";
import type { HostFacts, PathFact } from "./host-facts.ts";

/** A path without links, and what was passed on the way. */
export interface ResolvedPath {
  /** Real as far as anything is there; the rest as it was asked for. */
  readonly path: string;
  readonly fact: Exclude<PathFact, { readonly stands: "link" }>;
  readonly links: readonly PassedLink[];
}

export interface PassedLink {
  readonly path: string;
  readonly target: string;
  /** The name asked for is this link, nothing below it. */
  readonly last: boolean;
}

/** Resolves paths for one plan: each place is looked at once, so that a plan is made of one view. */
export class PathResolver {
  readonly #facts: HostFacts;
  readonly #seen = new Map<string, PathFact>();

  constructor(facts: HostFacts) {
    this.#facts = facts;
  }

  /** Looks at a path of which only the last name may be a link. */
  inspect(path: string): PathFact {
    let fact = this.#seen.get(path);
    if (fact === undefined) {
      fact = this.#facts.inspect(path);
      this.#seen.set(path, fact);
    }
    return fact;
  }

  /** Follows every link of an absolute path. A loop is missing where it starts. */
  resolve(path: string): ResolvedPath {
    const links: PassedLink[] = [];
    const names = path.split("/").reverse();
    let real = "";
    let fact = this.inspect("/");
    while (true) {
      const name = names.pop();
      if (name === undefined) break;
      if (name === "" || name === ".") continue;
      if (name === "..") {
        if (fact.stands !== "directory") return { path: join(parentOf(real), names), fact: missing, links };
        real = parentOf(real);
        fact = this.inspect(real === "" ? "/" : real);
        continue;
      }
      const here = `${real}/${name}`;
      fact = fact.stands === "directory" ? this.inspect(here) : missing;
      if (fact.stands === "missing") return { path: join(here, names), fact, links };
      if (fact.stands !== "link") {
        real = here;
        continue;
      }
      if (links.length === limits.fsLinks) return { path: here, fact: missing, links };
      links.push({ path: here, target: fact.target, last: names.every(isNothing) && links.every(isLast) });
      names.push(...fact.target.split("/").reverse());
      if (fact.target.startsWith("/")) real = "";
      fact = this.inspect(real === "" ? "/" : real);
    }
    // A link has been followed above, and what it leads to is none.
    return { path: real === "" ? "/" : real, fact: fact.stands === "link" ? missing : fact, links };
  }
}

const missing = { stands: "missing" } as const;

function isNothing(name: string): boolean {
  return name === "" || name === ".";
}

function isLast(link: PassedLink): boolean {
  return link.last;
}

function parentOf(real: string): string {
  return real.slice(0, Math.max(real.lastIndexOf("/"), 0));
}

/** What is left of a path behind a name that is not there; `rest` is in reverse. */
function join(here: string, rest: readonly string[]): string {
  const names = here.split("/");
  for (const name of rest.toReversed()) {
    if (name === "..") names.pop();
    else if (!isNothing(name)) names.push(name);
  }
  return names.join("/") || "/";
}
