import type { HostFacts } from "./host-facts.ts";
import type { LinkList } from "./link-list.ts";
import type { PathResolver } from "./resolve-path.ts";
import type { RuleTable } from "./rule-table.ts";

/**
 * What a plan is for. `mounts`: what matches a deny glob now and further names of denied files are looked for in the
 * trees. `judgement`: whoever judges every path by {@link accessOf} needs no such look, which can take long.
 */
export type PlanPurpose = "mounts" | "judgement";

/** Everything that a plan is being made of. */
export interface Drafting {
  readonly facts: HostFacts;
  readonly resolver: PathResolver;
  readonly table: RuleTable;
  readonly links: LinkList;
}
