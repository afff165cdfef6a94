import { closeSync, constants, fstatSync, openSync, statSync } from "node:fs";
import { SandboxRefusal } from "../sandbox-refusal.ts";
import type { Candidate } from "./candidate.ts";
import { fileIdentity } from "./file-identity.ts";
import { trustProgram } from "./trusted-program.ts";

/** Where a system keeps its bubblewrap. Never a PATH: whoever chooses that would choose what the server runs. */
export const SYSTEM_PATHS: readonly string[] = ["/usr/bin/bwrap", "/bin/bwrap", "/usr/local/bin/bwrap"];

/** The first of `paths` where something is, judged but not yet run. */
export function systemBubblewrap(paths: readonly string[] = SYSTEM_PATHS): Candidate {
  for (const path of paths) {
    const verdict = trustProgram(path);
    if (verdict.kind === "absent") continue;
    if (verdict.kind === "refused") return { kind: "refused", reason: verdict.reason };
    const { realPath: found } = verdict;
    const identity = identityOf(found);
    if (identity === undefined) continue;
    return { kind: "found", path: found, identity, open: () => openUnchanged(found, identity) };
  }
  return { kind: "absent", reason: `no bubblewrap at ${paths.join(", ")}` };
}

/** Undefined: it has just been removed. */
function identityOf(path: string): string | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && fileIdentity(stats);
}

function openUnchanged(path: string, identity: string): number {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  if (fileIdentity(fstatSync(descriptor, { bigint: true })) === identity) return descriptor;
  closeSync(descriptor);
  throw new SandboxRefusal(`${path} has changed since it was looked at`);
}
