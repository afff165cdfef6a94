import type { PassedLink } from "./resolve-path.ts";
import type { RuleTable } from "./rule-table.ts";
import type { NamedLink, PathRule } from "./sandbox-plan.ts";

interface Named {
  readonly link: PassedLink;
  readonly access: PathRule["access"];
  readonly why: PathRule["why"];
}

/** The symbolic links that lead to what the policy names. */
export class LinkList {
  readonly #named: Named[] = [];

  add({ access, why }: Pick<PathRule, "access" | "why">, links: readonly PassedLink[]): void {
    for (const link of links) this.#named.push({ link, access, why });
  }

  /** Gives those that could be replaced inside the sandbox a rule of their own, and tells them all. */
  guard(table: RuleTable): NamedLink[] {
    const found = new Map<string, NamedLink>();
    const exposed = new Set(
      this.#named.map(({ link }) => link.path).filter((path) => table.standing(path) === "write"),
    );
    for (const { link, access, why } of this.#named) {
      const { path, target } = link;
      const replaceable = exposed.has(path);
      found.set(path, { path, target, replaceable });
      if (!replaceable) continue;
      // The name that is denied is denied itself; any other link may be read, but stays what it is.
      const held = access === "deny" && link.last ? "deny" : "read";
      table.add({ rule: { path, access: held, stands: "link", why }, identity: target });
    }
    return [...found.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
  }
}
