import { closeSync } from "node:fs";
import type { Bubblewrap } from "../mechanism.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";
import type { Candidate } from "./candidate.ts";
import { type Probe, probeBubblewrap } from "./probe-bubblewrap.ts";

/** What came of trying out one bubblewrap. `reason` is a whole sentence without its full stop. */
export type Attempt =
  | { readonly kind: "works"; readonly bubblewrap: Bubblewrap }
  | { readonly kind: "fails"; readonly fault: "program" | "system"; readonly reason: string };

/** Has a bubblewrap show what it can do. Never rejects: whatever goes wrong is a reason not to use it. */
export async function tryBubblewrap(candidate: Candidate, origin: Bubblewrap["origin"]): Promise<Attempt> {
  if (candidate.kind !== "found") return { kind: "fails", fault: "program", reason: candidate.reason };
  const { path, open } = candidate;
  const probe = await probeOpened(open);
  if (probe.kind === "fails") return { ...probe, reason: `${path}: ${probe.reason}` };
  return {
    kind: "works",
    bubblewrap: { origin, path, version: probe.version, open },
  };
}

async function probeOpened(open: () => number): Promise<Probe> {
  let descriptor: number | undefined;
  try {
    descriptor = open();
    return await probeBubblewrap(descriptor);
  } catch (error) {
    if (error instanceof SandboxRefusal) return { kind: "fails", fault: "program", reason: error.message };
    return { kind: "fails", fault: "program", reason: `it cannot be started: ${String(error)}` };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
