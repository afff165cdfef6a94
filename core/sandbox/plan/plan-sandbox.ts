import type { Access, ManagedPolicy } from "../policy/sandbox-policy.ts";
import { addDenyGlobs } from "./add-deny-globs.ts";
import { addDenied, addEntries } from "./add-entry.ts";
import { addOtherPlaces } from "./add-other-places.ts";
import { deniedInodes } from "./denied-inodes.ts";
import type { DenyGlob } from "./deny-glob.ts";
import type { Drafting, PlanPurpose } from "./drafting.ts";
import { fullDiskRead, fullDiskWrite } from "./full-disk.ts";
import type { HostFacts } from "./host-facts.ts";
import { childPath, parentPath } from "./lexical-path.ts";
import { LinkList } from "./link-list.ts";
import { planKey } from "./plan-key.ts";
import { protectNames } from "./protected-names.ts";
import { PathResolver } from "./resolve-path.ts";
import { RuleTable } from "./rule-table.ts";
import type { PathRule, SandboxPlan } from "./sandbox-plan.ts";
import { type WantedPath, wantedPaths } from "./wanted-paths.ts";

/**
 * What a policy means on this machine now. Changes nothing and asks the machine through `facts` only.
 * Throws SandboxRefusal for what cannot be enforced.
 */
export function planSandbox(
  policy: ManagedPolicy,
  facts: HostFacts,
  purpose: PlanPurpose = "mounts",
): SandboxPlan {
  const everything = fullDiskWrite(policy);
  const wanted = everything ? [] : wantedPaths(policy, facts);
  const disk = everything ? "write" : diskOf(wanted);
  const drafting: Drafting = {
    facts,
    resolver: new PathResolver(facts),
    table: new RuleTable(disk),
    links: new LinkList((path) => facts.mayBeWritten(path)),
  };
  const entries = addEntries(
    wanted.filter(({ path }) => path !== "/"),
    drafting,
  );
  const globs = addDenyGlobs(policy, drafting, purpose);
  if (!everything) protectNames(entries, drafting);
  for (const path of facts.privatePaths) addDenied(path, "private", drafting);
  addOtherPlaces(drafting);
  const links = drafting.links.guard(drafting.table);
  const drafts = drafting.table.drafts();
  const rules = drafts.map((draft) => draft.rule);
  const inodes = deniedInodes(rules, facts, purpose === "mounts");
  const plan = {
    disk,
    rules,
    denyGlobs: globs.patterns,
    links,
    network: policy.network,
    foldsCase: takesWhereCaseFolds(rules, globs.patterns, drafting),
    fullDiskRead: fullDiskRead(policy),
    fullDiskWrite: everything,
    deniedInodes: inodes.found,
    alsoNamed: inodes.alsoNamed,
    unscanned: [...globs.unscanned, ...inodes.unscanned],
  };
  return { ...plan, key: planKey(plan, drafts) };
}

/** What the whole disk has; a plain path `/` counts as well, though not as full access. */
function diskOf(wanted: readonly WantedPath[]): SandboxPlan["disk"] {
  const accesses = new Set<Access>(wanted.filter(({ path }) => path === "/").map(({ access }) => access));
  if (accesses.size === 0 || accesses.has("deny")) return "nothing";
  return accesses.has("write") ? "write" : "read";
}

/** Whether something is taken away where a file system takes names in whatever case for the same. */
function takesWhereCaseFolds(
  rules: readonly PathRule[],
  globs: readonly DenyGlob[],
  { facts, table }: Drafting,
): boolean {
  if (globs.some(({ base }) => facts.foldsCase(childPath(base, "*")))) return true;
  return rules.some(({ path, access }) => {
    const around = table.standing(parentPath(path));
    const takes = access === "deny" ? around !== "nothing" && around !== "deny" : around === "write";
    return access !== "write" && takes && facts.foldsCase(path);
  });
}
