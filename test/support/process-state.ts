import { readFileSync } from "node:fs";

/** Whether a process is there and not a zombie. */
export function isAlive(pid: number | string): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** SIGKILL; a process that is already gone is fine. */
export function killNow(pid: number | string): void {
  const number = Number(pid);
  if (!Number.isInteger(number) || number <= 1) return;
  try {
    process.kill(number, "SIGKILL");
  } catch {
    // gone already
  }
}
