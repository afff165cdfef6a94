import { afterAll, expect, test } from "bun:test";
import { createGuardedSpawner } from "../../../../core/process/local/guarded-spawner.ts";
import type { SpawnedProcess } from "../../../../core/process/spawned-process.ts";
import { killNow } from "../../../support/process-state.ts";
import { treeOf } from "../../../support/process-tree.ts";
import { comesToRest } from "../../../support/waiting-process.ts";
import { parentOf } from "./processes.ts";
import { discard, plan, pty, readAll, readUntil, script } from "./running.ts";

const spawner = createGuardedSpawner();
afterAll(() => spawner[Symbol.asyncDispose]());

const start = (text: string) => spawner.spawn(script(text, { stdio: pty }));

/** A command that says more than anything holds, and its shim, both held back since nobody reads. */
async function heldBack(): Promise<{ child: SpawnedProcess; shim: number }> {
  const child = await start("stty raw; exec cat /dev/zero");
  const shim = parentOf(child.pid);
  expect(await comesToRest(() => treeOf(shim), 10_000)).toBe(true);
  return { child, shim };
}

test("20 MB through a terminal that changes nothing arrive whole and in order", async () => {
  const child = await start(
    `stty -opost; awk 'BEGIN { for (i = 0; i < 1250000; i++) printf "%015d\\n", i }' | cat`,
  );
  const text = await readAll(child);
  expect(text.length).toBe(20_000_000);
  let wrong = 0;
  for (let i = 0; i < 1_250_000; i++) if (Number(text.slice(i * 16, i * 16 + 15)) !== i) wrong += 1;
  expect(wrong).toBe(0);
  await discard(child);
}, 30_000);

test("output that is not read while its command lives is there when the whole tree is gone", async () => {
  const child = await start("stty -opost; head -c 90000 /dev/zero; echo done");
  await child.treeGone;
  const text = await readAll(child);
  expect(text.length).toBe(90_005);
  expect(text.endsWith("done\n")).toBe(true);
  await discard(child);
});

test("an exit is told while a grandchild floods the terminal that nobody reads", async () => {
  const child = await start("trap '' HUP; cat /dev/zero & sleep 0.05; exit 5");
  expect(await child.exited).toEqual({ kind: "exited", code: 5 });
  await discard(child);
});

test("what a command said last can be read when its exit is told", async () => {
  const child = await start("trap '' HUP; sleep 100 & echo last words");
  await child.exited;
  const read = child.outputs[0]?.read();
  const bytes = await Promise.race([read, Bun.sleep(1000)]);
  expect(Buffer.from(bytes ?? []).toString()).toBe("last words\r\n");
  await discard(child);
});

test("a command held back by its full terminal takes a signal", async () => {
  const { child } = await heldBack();
  child.signal(15);
  expect(await child.exited).toEqual({ kind: "exited", code: 143 });
  await child.treeGone;
  await discard(child);
});

test("a command held back by its full terminal is killed with its tree, and its output ends", async () => {
  const { child } = await heldBack();
  child.killTree();
  expect(await child.exited).toEqual({ kind: "exited", code: 137 });
  await child.treeGone;
  expect((await readAll(child)).length).toBeGreaterThan(64 * 1024);
  await discard(child);
});

test("closing a full terminal hangs up on its command", async () => {
  const { child } = await heldBack();
  child.outputs[0]?.close();
  expect(await child.exited).toEqual({ kind: "exited", code: 129 });
  await discard(child);
});

test("the output of a flooded terminal ends when its shim is killed", async () => {
  const child = await start("stty raw; exec cat /dev/zero");
  await child.outputs[0]?.read();
  killNow(parentOf(child.pid));
  await readAll(child);
  expect(await child.exited).toEqual({ kind: "unknown", reason: expect.any(String) });
  await child.treeGone;
  await discard(child);
});

test("what a killed shim left in the terminal is read all the same", async () => {
  const child = await spawner.spawn(plan(["cat"], { stdio: pty }));
  await child.input?.write(Buffer.from("first\n"));
  await readUntil(child, "first\r\nfirst\r\n");
  const shim = parentOf(child.pid);
  process.kill(shim, "SIGSTOP");
  await child.input?.write(Buffer.from("second\n"));
  expect(await comesToRest(() => [child.pid], 5000)).toBe(true);
  killNow(shim);
  expect(await readAll(child)).toBe("second\r\nsecond\r\n");
  await discard(child);
});
