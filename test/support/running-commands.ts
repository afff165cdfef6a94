import { readdirSync, readFileSync } from "node:fs";

/** The commands of this machine that have `part` among their words. */
export function runningCommands(part: string): readonly string[] {
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return processes.map(wordsOf).filter((line) => line.includes(part));
}

/** A process may end while it is looked at. */
function wordsOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
