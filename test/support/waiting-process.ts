import { readFileSync } from "node:fs";
import { until } from "./wait.ts";

/** A process has been asleep for this long without having run in between, ms. */
const atRestMs = 200;

/** Waits until a process, or all of several, sleeps and stays so: it is held back, or waits for what does not come. */
export async function comesToRest(pids: () => readonly number[], ms: number): Promise<boolean> {
  let last = "";
  let since = performance.now();
  return await until(() => {
    const now = pids().map(sleepingSince).join();
    if (now !== last || now === "" || now.includes("running")) {
      last = now;
      since = performance.now();
    }
    return performance.now() - since >= atRestMs;
  }, ms);
}

/** Changes whenever the process has run. */
function sleepingSince(pid: number): string {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    if (!/^State:\s+S/m.test(status)) return "running";
    return `${pid}:${/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1]}`;
  } catch {
    return "running";
  }
}
