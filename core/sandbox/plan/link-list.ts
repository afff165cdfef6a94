import { SandboxRefusal } from "../sandbox-refusal.ts";
import { parentPath } from "./lexical-path.ts";
import type { PassedLink, ResolvedPath } from "./resolve-path.ts";
import type { RuleTable } from "./rule-table.ts";
import type { NamedLink, PathRule } from "./sandbox-plan.ts";

type Rule = Pick<PathRule, "access" | "why">;

interface Named {
  readonly link: PassedLink;
  readonly rule: Rule;
  /** Where it leads to in the end. */
  readonly place: string;
  /** It leads out of the workspace that the policy speaks of. */
  readonly leaves: boolean;
}

/** The symbolic links that lead to what the policy names. */
export class LinkList {
  readonly #named: Named[] = [];
  readonly #mayBeWritten: (path: string) => boolean;

  /** `mayBeWritten`: whether another sandbox may have made what stands at a path. */
  constructor(mayBeWritten: (path: string) => boolean) {
    this.#mayBeWritten = mayBeWritten;
  }

  add(rule: Rule, { links, path }: ResolvedPath, leaves: boolean): void {
    for (const link of links) this.#named.push({ link, rule, place: path, leaves });
  }

  /**
   * Gives those that could be replaced inside the sandbox a rule of their own, and tells them all.
   * Throws SandboxRefusal where such a one, one that another sandbox may have made, or one that leads out of its workspace, grants writing.
   */
  guard(table: RuleTable): NamedLink[] {
    const found = new Map<string, NamedLink>();
    const exposed = this.#named.filter(({ link }) => table.standing(link.path) === "write");
    for (const named of this.#named) {
      if (!grants(named, table)) continue;
      // Who made it is asked last, and of few: that looks at a file of all servers.
      if (named.leaves || exposed.includes(named) || this.#mayBeWritten(named.link.path)) refuse(named);
    }
    const replaceable = new Set(exposed.map(({ link }) => link.path));
    for (const { link, rule } of this.#named) {
      const { path, target } = link;
      found.set(path, { path, target, replaceable: replaceable.has(path) });
      if (!replaceable.has(path)) continue;
      // The name that is denied is denied itself; any other link may be read, but stays what it is.
      const access = rule.access === "deny" && link.last ? "deny" : "read";
      table.add({ rule: { path, access, stands: "link", why: rule.why }, identity: target });
    }
    return [...found.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
  }
}

/** Whether writing is granted at a place because of a link, and not by what is around it anyway. */
function grants({ rule, place }: Named, table: RuleTable): boolean {
  return rule.access === "write" && table.standing(parentPath(place)) !== "write";
}

/** Who is, or was, held could have put the link there, to be granted whatever it leads to by the next request. */
function refuse({ link, place }: Named): never {
  throw new SandboxRefusal(
    `the sandbox grants \`${place}\` by way of \`${link.path}\`, a symbolic link that a sandbox may have made: name the place without it`,
  );
}
