import type { RuleDraft } from "./rule-table.ts";
import type { SandboxPlan } from "./sandbox-plan.ts";

/** The digest of everything a plan says and of the identity of what it speaks of. */
export function planKey(plan: Omit<SandboxPlan, "key">, drafts: readonly RuleDraft[]): string {
  const { disk, denyGlobs, links, network, foldsCase, fullDiskRead, fullDiskWrite, deniedInodes, unscanned } =
    plan;
  const text = JSON.stringify([
    disk,
    network,
    foldsCase,
    fullDiskRead,
    fullDiskWrite,
    drafts.map(({ rule, identity }) => [rule.path, rule.access, rule.stands, rule.why, identity]),
    denyGlobs.map(({ base, rest }) => [base, rest]),
    links.map(({ path, target, replaceable }) => [path, target, replaceable]),
    [...deniedInodes].sort(),
    unscanned,
  ]);
  return new Bun.CryptoHasher("sha256").update(text).digest("base64url");
}
