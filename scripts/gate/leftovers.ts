import { type Counts, countExitCode } from "./counts.ts";
import { type Descendant, descendants } from "./descendants.ts";

/** A guardian ends what a killed server left within 5 s; what is there after twice that was left behind. */
const grace = 10_000;

/** Waits for the stage's last processes to end, ends those that do not, and counts one check. */
export async function checkLeftovers(stage: string): Promise<Counts> {
  const deadline = performance.now() + grace;
  let left = descendants();
  while (left.length > 0 && performance.now() < deadline) {
    await Bun.sleep(50);
    left = descendants();
  }
  for (const { pid, command } of left) {
    console.log(`    left behind by "${stage}": ${pid} ${command}`);
    end(pid);
  }
  return countExitCode(left.length);
}

/** Ends a stage's whole tree, for one that takes too long. */
export function endAll(processes: readonly Descendant[]): void {
  for (const { pid } of processes) end(pid);
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself between being seen and now.
  }
}
