import type { Drafting } from "./drafting.ts";
import { isWithin } from "./lexical-path.ts";
import type { RuleDraft } from "./rule-table.ts";

/**
 * Makes the rules that take something away hold wherever the host has mounted it once more. What the policy grants by
 * the other name stays granted.
 */
export function addOtherPlaces({ facts, table }: Drafting): void {
  const drafts = table.drafts();
  for (const draft of drafts) {
    const { access, stands, why } = draft.rule;
    if (access === "write" || stands === "link") continue;
    for (const { path } of facts.otherPlaces(draft.rule.path)) {
      if (path === "/" || (why !== "private" && isGranted(path, drafts))) continue;
      const standing = table.standing(path);
      const takes = access === "deny" ? standing !== "deny" && standing !== "nothing" : standing === "write";
      if (takes) table.add({ ...draft, rule: { ...draft.rule, path } });
    }
  }
}

function isGranted(path: string, drafts: readonly RuleDraft[]): boolean {
  return drafts.some(
    ({ rule }) => rule.why === "entry" && rule.access !== "deny" && isWithin(rule.path, path),
  );
}
