import type { Mechanism } from "../../core/sandbox/mechanism.ts";
import type { Check } from "./check.ts";
import type { SandboxTrial } from "./sandbox-check.ts";

/** What follows from what was tried, for a person: what will run, what will be refused, and why. */
export function verdictOn(mechanism: Mechanism, guardian: Check, trial: SandboxTrial): string {
  if (guardian.state === "fails") {
    return `Commands cannot be run here, with or without a sandbox: one without was tried, and failed: ${clause(guardian.finding)}.`;
  }
  if (mechanism.kind === "none") return refusedAll(mechanism.reason);
  const reasons = faults(trial);
  if (trial.running.length === 0)
    return refusedAll(`a command in a sandbox was tried, and failed: ${reasons}`);
  const holder = mechanism.kind === "bubblewrap" ? "bubblewrap" : "Landlock";
  const running = `${trial.running.join(" and ")} ${trial.running.length === 1 ? "runs" : "run"}, held by ${holder}`;
  const some = `Only some sandboxed work will run: ${[running, ...(reasons === "" ? [] : [reasons])].join("; ")}.`;
  if (mechanism.kind === "landlock") {
    return `${some} Of other profiles only those run that Landlock can express. bubblewrap cannot be used: ${clause(mechanism.reason)}.`;
  }
  if (trial.refused.length > 0) return some;
  const { version, path } = mechanism.bubblewrap;
  return `Sandboxed work will run: bubblewrap ${version} (${path}) holds it.`;
}

function refusedAll(reason: string): string {
  return `Sandboxed work will be refused: ${clause(reason)}. Commands without a sandbox run.`;
}

/** Modes that fail for the same reason are named together. */
function faults({ refused }: SandboxTrial): string {
  const byReason = Map.groupBy(refused, ({ reason }) => reason);
  return [...byReason]
    .map(([reason, modes]) => {
      const names = modes.map(({ mode }) => mode).join(" and ");
      return `${names} ${modes.length === 1 ? "is" : "are"} refused: ${clause(reason)}`;
    })
    .join("; ");
}

/** A sentence of another program goes into one of ours without its own end. */
function clause(words: string): string {
  return words.trim().replace(/\.+$/, "");
}
