import { readFileSync } from "node:fs";
import type { SessionEntry } from "./session-entry.ts";

type Holder = Extract<SessionEntry["holder"], { kind: "process" }>;

/** This program. */
export function thisProcess(): Holder {
  return { kind: "process", pid: process.pid, startTime: startTimeOf(process.pid) ?? "" };
}

/** Whether it still runs. A number that was given to another process since does not count. */
export function isAlive({ pid, startTime }: Holder): boolean {
  const now = startTimeOf(pid);
  if (now !== undefined) return now === startTime;
  try {
    process.kill(pid, 0);
    // Where there is no /proc nothing more is known.
    return startTime === "";
  } catch {
    return false;
  }
}

/** When the kernel started it, in its own count; undefined where there is no such process, or no /proc. */
function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in parentheses, may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
