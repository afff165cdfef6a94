import type { ManagedPolicy, PolicyEntry } from "../policy/sandbox-policy.ts";
import { fullDiskRead } from "./full-disk.ts";

/** A policy under which a filesystem helper can be started: without full reading, `minimal` is readable too. */
export function withMinimal(policy: ManagedPolicy): ManagedPolicy {
  const isThere = ({ target, access }: PolicyEntry) => target.kind === "minimal" && access === "read";
  if (fullDiskRead(policy) || policy.entries.some(isThere)) return policy;
  return { ...policy, entries: [...policy.entries, { target: { kind: "minimal" }, access: "read" }] };
}
