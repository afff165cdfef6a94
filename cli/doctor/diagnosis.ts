import { examineHost } from "../../core/sandbox/host/examine-host.ts";
import type { Mechanism } from "../../core/sandbox/host/mechanism.ts";
import { hostMechanism } from "../../core/server/host-mechanism.ts";
import { bubblewrapChecks } from "./bubblewrap-checks.ts";
import type { Check } from "./check.ts";
import { kernelChecks } from "./kernel-checks.ts";
import { namespaceChecks } from "./namespace-checks.ts";
import { processChecks } from "./process-checks.ts";
import { sandboxCheck } from "./sandbox-check.ts";

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
  const checks = [
    ...bubblewrapChecks(examined),
    ...namespaceChecks(examined),
    ...kernelChecks(examined, mechanism.kind === "bubblewrap"),
    ...(await processChecks()),
    await sandboxCheck(mechanism),
  ];
  const commandsRun = checks.every(
    ({ id, state }) => !["guardian", "sandboxedCommand"].includes(id) || state !== "fails",
  );
  return {
    mechanism: mechanism.kind,
    sandboxedWorkRuns: mechanism.kind === "bubblewrap" && commandsRun,
    verdict: verdictOn(mechanism, commandsRun),
    checks,
  };
}

function verdictOn(mechanism: Mechanism, commandsRun: boolean): string {
  if (!commandsRun)
    return "Commands cannot be run here, with or without a sandbox as listed: they will be refused.";
  switch (mechanism.kind) {
    case "bubblewrap": {
      const { version, path } = mechanism.bubblewrap;
      return `Sandboxed work will run: bubblewrap ${version} (${path}) holds it.`;
    }
    case "landlock":
      return `Only some sandboxed work will run: Landlock holds the profiles that it can express, others will be refused. bubblewrap cannot be used: ${mechanism.reason}.`;
    case "none":
      return `Sandboxed work will be refused: ${mechanism.reason}.`;
  }
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
