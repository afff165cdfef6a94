import { afterAll, expect, test } from "bun:test";
import { existsSync, writeFileSync } from "node:fs";
import { createGuardedSpawner } from "../../../../core/process/local/guarded-spawner.ts";
import { isAlive } from "../../../support/process-state.ts";
import { discard, readUntil, script } from "./running.ts";

/** Root may say which pid is given out next, where the kernel is built with checkpoints. */
const lastPid = "/proc/sys/kernel/ns_last_pid";
const canChoosePids = process.getuid?.() === 0 && existsSync(lastPid);
if (!canChoosePids)
  console.warn("skipped: to choose the next pid takes root and a kernel built with checkpoints");

const spawner = createGuardedSpawner();
afterAll(() => spawner[Symbol.asyncDispose]());

/** A process of nobody's tree that got this pid, leading a session and group of the same number. */
function strangerWith(pid: number): Bun.Subprocess | undefined {
  for (let tries = 0; tries < 500; tries++) {
    writeFileSync(lastPid, `${pid - 1}`);
    const stranger = Bun.spawn(["sleep", "1000"], { detached: true, stdio: ["ignore", "ignore", "ignore"] });
    if (stranger.pid === pid) return stranger;
    stranger.kill(9);
  }
  return undefined;
}

test.skipIf(!canChoosePids)(
  "a stranger that got the leader's pid is hit by neither signal nor kill",
  async () => {
    const child = await spawner.spawn(script("setsid sh -c 'echo ready; exec sleep 1000' & exit 0"));
    await readUntil(child, "ready");
    await child.exited;
    const stranger = strangerWith(child.pid);
    expect(stranger).toBeDefined();
    try {
      child.signal(9);
      child.killTree();
      await child.treeGone;
      expect(isAlive(child.pid)).toBe(true);
      expect(stranger?.exitCode).toBeNull();
    } finally {
      stranger?.kill(9);
      await stranger?.exited;
    }
    await discard(child);
  },
);

test.skipIf(!canChoosePids)(
  "a group is still reached by signal when its leader's pid is free again",
  async () => {
    const child = await spawner.spawn(
      script("sh -c 'trap \"echo caught; exit\" USR1; echo ready; while :; do sleep 0.01; done' & exit 0"),
    );
    await readUntil(child, "ready");
    await child.exited;
    // A number that still names a group is not given out, so no stranger can get this one.
    expect(isAlive(child.pid)).toBe(false);
    child.signal(10);
    await readUntil(child, "caught");
    await discard(child);
  },
);
