import type { ManagedPolicy, PolicyEntry } from "../../../core/sandbox/policy/sandbox-policy.ts";

/** The whole disk readable. */
export const readAll: PolicyEntry = { target: { kind: "root" }, access: "read" };
const writeRoots: PolicyEntry = { target: { kind: "projectRoots", subpath: null }, access: "write" };

/** A workspace writable, all else readable, without network; and what `more` says. */
export function workspacePolicy(workspace: string, more: readonly PolicyEntry[] = []): ManagedPolicy {
  return {
    kind: "managed",
    entries: [readAll, writeRoots, ...more],
    globScanMaxDepth: null,
    network: "restricted",
    cwd: workspace,
    workspaceRoots: [workspace],
    home: null,
  };
}
