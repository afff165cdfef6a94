import { parseJson } from "../../../../core/protocol/json/parse.ts";
import { decodeParams } from "../../../../core/protocol/methods.ts";
import { localFacts } from "../../../../core/sandbox/host/local-facts.ts";
import type { HostFacts } from "../../../../core/sandbox/plan/host-facts.ts";
import { resolvePolicy } from "../../../../core/sandbox/policy/resolve-policy.ts";
import type {
  Access,
  ManagedPolicy,
  PolicyEntry,
  PolicyTarget,
  SandboxPolicy,
} from "../../../../core/sandbox/policy/sandbox-policy.ts";

/** The policy of a `sandbox` object as it stands on the wire. */
export function policyOf(sandbox: unknown, defaultCwd: string | null = null): SandboxPolicy {
  const params = parseJson(JSON.stringify({ path: "file:///", sandbox }));
  const context = decodeParams("fs/canonicalize", params).sandbox;
  if (context === null) throw new Error("the request has no sandbox");
  return resolvePolicy(context, defaultCwd);
}

/** A managed policy of entries over one workspace. */
export function managed(
  entries: readonly PolicyEntry[],
  more: Partial<Omit<ManagedPolicy, "kind" | "entries">> = {},
): ManagedPolicy {
  return {
    kind: "managed",
    entries,
    globScanMaxDepth: null,
    network: "restricted",
    cwd: null,
    workspaceRoots: [],
    home: null,
    ...more,
  };
}

export function entry(target: PolicyTarget | string, access: Access): PolicyEntry {
  return { target: typeof target === "string" ? { kind: "path", path: target } : target, access };
}

export function deniedGlob(pattern: string): PolicyEntry {
  return { target: { kind: "glob", pattern }, access: "deny" };
}

export const rootRead = entry({ kind: "root" }, "read");

/** This machine, with nothing of a server's own. */
export function machine(more: Partial<HostFacts> = {}): HostFacts {
  return {
    ...localFacts({ temporaryDirectory: null, home: null, privatePaths: [], mayBeWritten: () => false }),
    ...more,
  };
}
