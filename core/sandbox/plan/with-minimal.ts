import type { ManagedPolicy } from "../policy/sandbox-policy.ts";
import { fullDiskRead } from "./full-disk.ts";

/** A policy under which a filesystem helper can be started: without full reading, `minimal` is readable too. */
export function withMinimal(policy: ManagedPolicy): ManagedPolicy {
  if (fullDiskRead(policy)) return policy;
  return { ...policy, entries: [...policy.entries, { target: { kind: "minimal" }, access: "read" }] };
}
