import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { createGuardedSpawner } from "../../../../core/process/local/guarded-spawner.ts";
import { isAlive, killNow } from "../../../support/process-state.ts";
import { processesWithEnvironment, treeOf } from "../../../support/process-tree.ts";
import { until } from "../../../support/wait.ts";
import { childrenOf, parentOf } from "./processes.ts";
import { pipes, plan, readUntil, run, script } from "./running.ts";

let marks = 0;
const nextMark = () => `death-test-${process.pid}-${marks++}.`;

/** Every way out at once, on both kinds of stdio. */
const escapes = ["pipes", "pty"].flatMap((terminal) => [
  `${terminal}:setsid sh -c 'echo ready; sleep 1000' & wait`,
  `${terminal}:(setsid sh -c '(sleep 1000 & echo ready; sleep 1000) &' &); sleep 1000`,
  `${terminal}:nohup sh -c 'sleep 1000; true' > /dev/null & echo ready; wait`,
  `${terminal}:trap '' TERM HUP INT; echo ready; while :; do sleep 1; done`,
  `${terminal}:trap '' HUP; setsid sh -c 'sleep 1000' > /dev/null 2>&1 & echo ready`,
]);

async function startServer(mark: string): Promise<Bun.Subprocess<"ignore", "pipe", "inherit">> {
  const server = Bun.spawn([process.execPath, `${import.meta.dir}/fixtures/server.ts`, ...escapes], {
    env: { PATH: process.env["PATH"], MARK: mark },
    stdout: "pipe",
  });
  const { value } = await server.stdout.getReader().read();
  expect(Buffer.from(value ?? []).toString()).toBe("ready\n");
  return server;
}

describe("after SIGKILL of", () => {
  test("the server nothing of its commands lives 5 s later, nor does the guardian", async () => {
    const mark = nextMark();
    const server = await startServer(mark);
    const guardians = childrenOf(server.pid);
    expect(guardians).toHaveLength(1);
    expect(await until(() => processesWithEnvironment(mark).length > 12, 1000)).toBe(true);
    killNow(server.pid);
    expect(await until(() => processesWithEnvironment(mark).length === 0, 5000)).toBe(true);
    expect(await until(() => !guardians.some(isAlive), 1000)).toBe(true);
  });

  test("the guardian and then the server nothing lives 5 s later", async () => {
    const mark = nextMark();
    const server = await startServer(mark);
    const guardians = childrenOf(server.pid);
    const shims = guardians.flatMap(childrenOf);
    expect(shims).toHaveLength(escapes.length);
    for (const guardian of guardians) killNow(guardian);
    await Bun.sleep(100);
    expect(shims.every(isAlive)).toBe(true);
    killNow(server.pid);
    expect(await until(() => processesWithEnvironment(mark).length === 0, 5000)).toBe(true);
    expect(await until(() => !shims.some(isAlive), 1000)).toBe(true);
  });
});

describe("a spawner", () => {
  const spawner = createGuardedSpawner();
  const started: number[] = [];
  afterAll(() => spawner[Symbol.asyncDispose]());
  afterEach(async () => {
    const left = started.splice(0);
    // A shim tells the end of its tree with its last breath.
    expect(await until(() => !left.some(isAlive), 1000)).toBe(true);
  });

  async function tree(text: string) {
    const child = await spawner.spawn(script(text, { stdio: pipes }));
    await readUntil(child, "ready");
    const shim = parentOf(child.pid);
    started.push(...treeOf(shim));
    return { child, shim, guardian: parentOf(shim) };
  }

  test("whose shim is killed says that the exit is unknown, and the whole tree dies", async () => {
    const { child, shim } = await tree("setsid sh -c 'sleep 1000' & setsid sleep 1000 & echo ready; wait");
    killNow(shim);
    expect(await child.exited).toEqual({ kind: "unknown", reason: expect.any(String) });
    await Promise.race([child.treeGone, Bun.sleep(2000)]);
    expect(started.filter((pid) => pid !== shim && isAlive(pid))).toEqual([]);
  });

  test("whose shim is killed leaves the trees of others alone", async () => {
    const other = await tree("setsid sleep 1000 & echo ready; wait");
    const { child, shim } = await tree("setsid sleep 1000 & echo ready; wait");
    killNow(shim);
    await child.treeGone;
    expect(treeOf(other.shim).length).toBeGreaterThanOrEqual(3);
    other.child.killTree();
    expect(await other.child.exited).toEqual({ kind: "exited", code: 137 });
    await other.child.treeGone;
  });

  test("whose guardian is killed keeps its commands and starts another for the next", async () => {
    const before = await tree("echo ready; read line; exit 7");
    killNow(before.guardian);
    await until(() => !isAlive(before.guardian), 1000);
    const after = await tree("echo ready; exec sleep 1000");
    expect(after.guardian).not.toBe(before.guardian);
    expect(isAlive(before.child.pid)).toBe(false);
    expect(await before.child.exited).toEqual({ kind: "exited", code: 7 });
    await before.child.treeGone;
    after.child.killTree();
    await after.child.treeGone;
  });

  test("whose guardian is killed can still signal and kill what it started", async () => {
    const { child, guardian } = await tree(
      "trap 'echo caught' USR1; setsid sleep 1000 & echo ready; while :; do sleep 0.01; done",
    );
    killNow(guardian);
    await Bun.sleep(50);
    child.signal(10);
    await readUntil(child, "caught");
    child.killTree();
    expect(await child.exited).toEqual({ kind: "exited", code: 137 });
    await child.treeGone;
  });

  test("whose guardian and shim are killed says that the exit is unknown", async () => {
    const { child, shim, guardian } = await tree("echo ready; exec sleep 1000");
    killNow(guardian);
    await until(() => !isAlive(guardian), 1000);
    killNow(shim);
    expect(await child.exited).toEqual({ kind: "unknown", reason: expect.any(String) });
    await child.treeGone;
  });

  test("survives its guardian being killed again and again while it starts commands", async () => {
    let over = false;
    const killer = (async () => {
      while (!over) {
        for (const guardian of childrenOf(process.pid)) killNow(guardian);
        await Bun.sleep(7);
      }
    })();
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, () => run(spawner, plan(["true"])).catch((error: unknown) => error)),
    );
    over = true;
    await killer;
    for (const outcome of outcomes) {
      // Each ran once and well, or was refused with a reason: none hangs, and none is told to have ended otherwise.
      if (outcome instanceof Error) expect(outcome.message).toContain("guardian");
      else expect(outcome).toMatchObject({ status: { kind: "exited", code: 0 } });
    }
    expect((await run(spawner, plan(["true"]))).status).toEqual({ kind: "exited", code: 0 });
  });
});
