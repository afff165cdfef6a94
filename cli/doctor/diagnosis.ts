import { examineHost } from "../../core/sandbox/host/examine-host.ts";
import type { Mechanism } from "../../core/sandbox/mechanism.ts";
import { hostMechanism } from "../../core/server/host-mechanism.ts";
import { bubblewrapChecks } from "./bubblewrap-checks.ts";
import type { Check } from "./check.ts";
import { kernelChecks } from "./kernel-checks.ts";
import { namespaceChecks } from "./namespace-checks.ts";
import { guardianCheck, processChecks } from "./process-checks.ts";
import { trySandbox } from "./sandbox-check.ts";
import { verdictOn } from "./verdict-on.ts";

/** What was found out about this machine, and what follows from it. */
export interface Diagnosis {
  readonly mechanism: Mechanism["kind"];
  /** Every sandbox that a client may ask for can be held, and commands can be run. */
  readonly sandboxedWorkRuns: boolean;
  /** The same in a sentence. */
  readonly verdict: string;
  readonly checks: readonly Check[];
}

export async function diagnose(): Promise<Diagnosis> {
  if (process.platform !== "linux") return elsewhere;
  const [examined, mechanism] = await Promise.all([examineHost(), hostMechanism()]);
  const guardian = await guardianCheck();
  const trial = await trySandbox(mechanism);
  const allRun = mechanism.kind === "bubblewrap" && guardian.state === "ok" && trial.refused.length === 0;
  return {
    mechanism: mechanism.kind,
    sandboxedWorkRuns: allRun,
    verdict: verdictOn(mechanism, guardian, trial),
    checks: [
      ...bubblewrapChecks(examined),
      ...namespaceChecks(examined),
      ...kernelChecks(examined, mechanism.kind === "bubblewrap"),
      ...processChecks(),
      guardian,
      trial.check,
    ],
  };
}

const elsewhere: Diagnosis = {
  mechanism: "none",
  sandboxedWorkRuns: false,
  verdict: `Sandboxed work will be refused: sandboxes and commands need Linux, and this is ${process.platform}.`,
  checks: [
    {
      id: "platform",
      title: "operating system",
      state: "fails",
      finding: process.platform,
      cure: "serve from a Linux machine, container or virtual machine; this program reaches it with connect, exec and cp",
    },
  ],
};
