import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { createGuardedSpawner } from "../../../../core/process/local/guarded-spawner.ts";
import type { SpawnedProcess, StdioPlan } from "../../../../core/process/spawned-process.ts";
import { isAlive } from "../../../support/process-state.ts";
import { processesWithEnvironment, zombiesOf } from "../../../support/process-tree.ts";
import { until } from "../../../support/wait.ts";
import { parentOf } from "./processes.ts";
import { discard, pipes, pty, readUntil, script } from "./running.ts";

const spawner = createGuardedSpawner();
afterAll(() => spawner[Symbol.asyncDispose]());

/** A tree cannot lose this by moving to another session, group or parent. */
let mark = "";
let child: SpawnedProcess | undefined;
let marks = 0;

async function start(text: string, stdio: StdioPlan = pipes): Promise<SpawnedProcess> {
  mark = `TREE_TEST=${process.pid}-${marks++}.`;
  const [name = "", value = ""] = mark.split("=");
  child = await spawner.spawn(
    script(text, {
      stdio,
      env: [
        ["PATH", "/usr/bin:/bin"],
        [name, value],
      ],
    }),
  );
  return child;
}

const members = () => processesWithEnvironment(mark);

afterEach(async () => {
  if (child !== undefined) await discard(child);
  child = undefined;
  expect(members()).toEqual([]);
});

/** How a command's children get away from it; each says "ready" when it is away. */
const escapes = {
  "a setsid grandchild": "setsid sh -c 'echo ready; sleep 1000' & wait",
  "a double-forked daemon": "(setsid sh -c '(sleep 1000 & echo ready; sleep 1000) &' &); sleep 1000",
  "a nohup child": "nohup sh -c 'sleep 1000; true' > /dev/null & echo ready; wait",
  "a child that ignores TERM, HUP and INT":
    "trap '' TERM HUP INT; sh -c 'echo ready; while :; do sleep 1; done'",
};

const terminals = { pipes, "a PTY": pty };

describe("killing a tree ends within 2 s", () => {
  for (const [terminal, stdio] of Object.entries(terminals)) {
    for (const [way, text] of Object.entries(escapes)) {
      test(`${way} on ${terminal}`, async () => {
        const tree = await start(`exec 2>&1; ${text}`, stdio);
        await readUntil(tree, "ready");
        expect(await until(() => members().length > 1, 1000)).toBe(true);
        tree.killTree();
        await Promise.race([tree.treeGone, Bun.sleep(2000)]);
        expect(members()).toEqual([]);
        await tree.treeGone;
      });

      test(`${way} on ${terminal} whose leader has ended`, async () => {
        const tree = await start(`exec 2>&1; trap '' HUP; { ${text}; } & exec sleep 0.05`, stdio);
        await readUntil(tree, "ready");
        await tree.exited;
        expect(await until(() => members().length > 0, 1000)).toBe(true);
        tree.killTree();
        await Promise.race([tree.treeGone, Bun.sleep(2000)]);
        expect(members()).toEqual([]);
        await tree.treeGone;
      });
    }
  }

  test("a stopped tree", async () => {
    const tree = await start("setsid sh -c 'echo ready; kill -STOP $$' & kill -STOP $$");
    await readUntil(tree, "ready");
    tree.killTree();
    await Promise.race([tree.treeGone, Bun.sleep(2000)]);
    expect(members()).toEqual([]);
  });

  test("a fork storm in new sessions", async () => {
    // Each generation starts two of the next in sessions of their own; 8 generations make 255 processes in motion.
    const storm =
      'n=$1; [ $n -gt 0 ] && for i in 1 2; do setsid sh -c "$2" storm $((n-1)) "$2" & done; sleep 1000';
    const tree = await start(`echo ready; exec sh -c '${storm}' storm 7 '${storm}'`);
    await readUntil(tree, "ready");
    await Bun.sleep(50);
    tree.killTree();
    await Promise.race([tree.treeGone, Bun.sleep(2000)]);
    expect(members()).toEqual([]);
  });

  test("a daemon that keeps moving: each life forks the next and ends", async () => {
    const text = 'setsid sh -c "$1" hop "$1" & exit 0';
    const tree = await start(`echo ready; exec sh -c '${text}' hop '${text}'`);
    await readUntil(tree, "ready");
    await Bun.sleep(50);
    tree.killTree();
    await Promise.race([tree.treeGone, Bun.sleep(2000)]);
    expect(members()).toEqual([]);
  });
});

describe("a tree that is not killed", () => {
  test("lives on after its leader, and its end is told", async () => {
    const tree = await start(
      "(setsid sh -c 'echo ready; read go < /dev/null; sleep 0.3' > /dev/stdout &); sleep 0.1",
    );
    await readUntil(tree, "ready");
    expect(await tree.exited).toEqual({ kind: "exited", code: 0 });
    const gone = tree.treeGone.then(() => "gone");
    expect(await Promise.race([gone, Bun.sleep(50)])).toBeUndefined();
    expect(await until(() => members().length > 0, 1000)).toBe(true);
    expect(await gone).toBe("gone");
    expect(members()).toEqual([]);
  });

  test("has no zombies of ours behind it while it lives", async () => {
    const tree = await start("for i in 1 2 3 4 5; do (setsid true &); done; echo ready; exec sleep 1000");
    await readUntil(tree, "ready");
    const shim = parentOf(tree.pid);
    expect(await until(() => zombiesOf(shim).length === 0, 1000)).toBe(true);
  });
});

describe("a signal", () => {
  test("goes to the whole group of a running leader", async () => {
    const tree = await start(
      "trap 'wait; exit 5' USR1; sh -c 'trap \"echo inner; exit\" USR1; echo ready; while :; do sleep 0.01; done' & wait; wait",
    );
    await readUntil(tree, "ready");
    tree.signal(10);
    await readUntil(tree, "inner");
    expect(await tree.exited).toEqual({ kind: "exited", code: 5 });
  });

  test("reaches the group after its leader has ended", async () => {
    const tree = await start(
      "sh -c 'trap \"echo caught; exit\" USR1; echo ready; while :; do sleep 0.01; done' & exit 0",
    );
    await readUntil(tree, "ready");
    await tree.exited;
    tree.signal(10);
    await readUntil(tree, "caught");
    await tree.treeGone;
  });

  test("leaves members of other groups alone", async () => {
    const tree = await start("setsid sh -c 'echo ready; sleep 1000' & wait");
    await readUntil(tree, "ready");
    tree.signal(9);
    expect(await tree.exited).toEqual({ kind: "exited", code: 137 });
    expect(members().filter(isAlive)).not.toEqual([]);
  });

  test("to a tree that is gone does nothing", async () => {
    const tree = await start("exit 0");
    await tree.treeGone;
    tree.signal(9);
    tree.killTree();
    expect(await tree.exited).toEqual({ kind: "exited", code: 0 });
  });
});
