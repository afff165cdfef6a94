import type { Access } from "../policy/sandbox-policy.ts";
import { parentPath } from "./lexical-path.ts";
import type { PathRule, SandboxPlan } from "./sandbox-plan.ts";

/** What a path may have: `nothing` is there where no rule speaks of it on a hidden disk. */
export type Standing = Access | "nothing";

/** A rule before it is known whether it says anything new, with the identity of what stands there. */
export interface RuleDraft {
  readonly rule: PathRule;
  /** See identityOf. */
  readonly identity: string;
}

const strength: Readonly<Record<Access, number>> = { read: 0, write: 1, deny: 2 };

/** Rules by path, and the precedence among them; the order in which they come does not matter. */
export class RuleTable {
  disk: SandboxPlan["disk"];
  readonly #drafts = new Map<string, RuleDraft>();

  constructor(disk: SandboxPlan["disk"]) {
    this.disk = disk;
  }

  /** On the same path deny beats write, write beats read; the server's own places beat everything. */
  add(draft: RuleDraft): void {
    const { rule } = draft;
    const known = this.#drafts.get(rule.path)?.rule;
    if (known !== undefined && rank(known) >= rank(rule)) return;
    this.#drafts.set(rule.path, draft);
  }

  /** Rules that speak of paths of their own, sorted by path; what says the same as the place around it is left out. */
  drafts(): RuleDraft[] {
    return [...this.#drafts.values()]
      .filter((draft) => this.#matters(draft.rule))
      .sort((one, other) => (one.rule.path < other.rule.path ? -1 : 1));
  }

  /** A longer path narrows or reopens a shorter one; under a denied directory only `write` reopens. */
  standing(path: string): Standing {
    const chain: PathRule[] = [];
    for (let place = path; place !== "/"; place = parentPath(place)) {
      const rule = this.#drafts.get(place)?.rule;
      if (rule !== undefined) chain.push(rule);
    }
    let standing: Standing = this.disk;
    for (const rule of chain.reverse()) {
      if (rule.why === "private") return "deny";
      if (standing !== "deny" || rule.access !== "read") standing = rule.access;
    }
    return standing;
  }

  #matters({ path, stands }: PathRule): boolean {
    if (stands === "link") return true;
    const here = this.standing(path);
    const around = this.standing(parentPath(path));
    // A writable root inside another keeps its rule: what is mounted there cannot be moved away and replaced.
    return here !== around || here === "write";
  }
}

/** A name that is protected anyway is told as such, also where an entry says the same. */
function rank({ access, why }: PathRule): number {
  if (why === "private") return 3;
  return strength[access] + (why === "protected" ? 0.5 : 0);
}
