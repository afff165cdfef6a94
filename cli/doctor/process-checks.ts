import { closeSync } from "node:fs";
import { openPty } from "../../core/process/local/pty.ts";
import { signalsGroupsByDescriptor } from "../../core/sandbox/host/kernel-facts.ts";
import type { Check } from "./check.ts";
import { runBriefly } from "./run-briefly.ts";

/** What commands need, with and without a sandbox. */
export function processChecks(): readonly Check[] {
  return [terminalCheck(), groupSignalCheck()];
}

function terminalCheck(): Check {
  const about = { id: "pty", title: "terminals" };
  try {
    const { master, slave } = openPty({ rows: 24, columns: 80 });
    closeSync(slave);
    closeSync(master);
    return { ...about, state: "ok", finding: "opened one" };
  } catch (error) {
    return {
      ...about,
      state: "note",
      finding: `none can be opened, so commands with a terminal are refused: ${String(error)}`,
      cure: "mount -t devpts -o newinstance,ptmxmode=0666 devpts /dev/pts, with /dev/ptmx leading to /dev/pts/ptmx",
    };
  }
}

/** Older kernels do it by the group's number, while its leader is not yet reaped. */
function groupSignalCheck(): Check {
  const about = { id: "groupSignals", title: "signals to groups (pidfd)" };
  if (signalsGroupsByDescriptor()) return { ...about, state: "ok", finding: "by descriptor" };
  return { ...about, state: "note", finding: "by number; from Linux 6.9 on by descriptor" };
}

/** Has the guardian run a command and see its end. */
export async function guardianCheck(): Promise<Check> {
  const about = { id: "guardian", title: "a command without a sandbox" };
  try {
    const status = await runBriefly("exit 7");
    if (status.kind === "exited" && status.code === 7)
      return { ...about, state: "ok", finding: "ran one to its end" };
    const end = status.kind === "exited" ? `exit code ${status.code}` : status.reason;
    return { ...about, state: "fails", finding: `it ended otherwise than it should: ${end}` };
  } catch (error) {
    const cure = "Linux 5.9 or later, and memory files or a /tmp from which programs may be run";
    return {
      ...about,
      state: "fails",
      finding: error instanceof Error ? error.message : String(error),
      cure,
    };
  }
}
