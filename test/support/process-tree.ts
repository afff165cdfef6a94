import { readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";

interface Entry {
  readonly pid: number;
  readonly parent: number;
  readonly zombie: boolean;
}

function entryOf(pid: number): Entry | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { pid, parent: Number(parent), zombie: state === "Z" };
  } catch {
    return undefined;
  }
}

function allProcesses(): Entry[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => entryOf(Number(pid)) ?? []);
}

/** A process and everything below it, zombies left out. */
export function treeOf(root: number): number[] {
  const living = allProcesses().filter((entry) => !entry.zombie);
  const found = living.filter((entry) => entry.pid === root).map((entry) => entry.pid);
  for (let i = 0; i < found.length; i++) {
    for (const entry of living) if (entry.parent === found[i]) found.push(entry.pid);
  }
  return found;
}

/** Zombies right below a process: children it has not reaped. */
export function zombiesOf(parent: number): number[] {
  return allProcesses()
    .filter((entry) => entry.parent === parent && entry.zombie)
    .map((entry) => entry.pid);
}

/** Living processes in whose environment this text stands; for finding whatever a server's children became. */
export function processesWithEnvironment(text: string): number[] {
  return allProcesses()
    .filter((entry) => !entry.zombie && environmentOf(entry.pid).includes(text))
    .map((entry) => entry.pid);
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch {
    return "";
  }
}

function statusField(pid: number, name: string): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Resident MiB of these processes together. */
export function residentMiB(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + statusField(pid, "VmRSS"), 0) / 1024;
}

/** The highest resident MiB of each since its last reset, together: never below what they had at one time. */
export function peakMiB(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + statusField(pid, "VmHWM"), 0) / 1024;
}

export function resetPeak(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      writeFileSync(`/proc/${pid}/clear_refs`, "5");
    } catch {
      // Not ours to reset: the peak since its start is an upper bound all the same.
    }
  }
}

/** Open descriptors of a process and what each is, without the numbers that differ by chance. */
export function descriptorsOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`).replace(/\d+/g, "N");
    } catch {
      return [];
    }
  });
}
