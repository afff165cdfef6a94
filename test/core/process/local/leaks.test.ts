import { expect, test } from "bun:test";
import { createGuardedSpawner } from "../../../../core/process/local/guarded-spawner.ts";
import { SpawnError } from "../../../../core/process/spawned-process.ts";
import { until } from "../../../support/wait.ts";
import { childrenOf, openDescriptors } from "./processes.ts";
import { discard, pipedStdin, plan, pty, run, script } from "./running.ts";

async function many(times: number, once: () => Promise<unknown>): Promise<void> {
  for (let done = 0; done < times; done += 10) await Promise.all(Array.from({ length: 10 }, once));
}

test("five hundred starts of every kind leave no descriptor and no process", async () => {
  const others = new Set(childrenOf(process.pid));
  const ours = () => childrenOf(process.pid).filter((pid) => !others.has(pid));
  const spawner = createGuardedSpawner();
  await run(spawner, plan(["true"]));
  const before = openDescriptors();
  await many(150, () => run(spawner, plan(["true"])));
  await many(100, () => run(spawner, plan(["true"], { stdio: pipedStdin })));
  await many(50, () => run(spawner, plan(["true"], { stdio: pty })));
  await many(100, () =>
    run(spawner, plan(["no-such-program"])).catch((error) => expect(error).toBeInstanceOf(SpawnError)),
  );
  await many(50, () => run(spawner, plan(["true"], { cwd: "/no/where", stdio: pty })).catch(() => {}));
  await many(50, async () => discard(await spawner.spawn(script("exec sleep 1000", { stdio: pipedStdin }))));
  expect(await until(() => openDescriptors() <= before, 10_000)).toBe(true);
  expect(ours()).toHaveLength(1);
  expect(await until(() => ours().flatMap(childrenOf).length === 0, 10_000)).toBe(true);
  await spawner[Symbol.asyncDispose]();
  expect(ours()).toEqual([]);
}, 60_000);

test("a disposed spawner has ended its trees and starts nothing more", async () => {
  const spawner = createGuardedSpawner();
  const children = await Promise.all(
    Array.from({ length: 20 }, () => spawner.spawn(script("setsid sleep 1000 & exec sleep 1000"))),
  );
  await spawner[Symbol.asyncDispose]();
  for (const child of children) expect(await child.exited).toEqual({ kind: "exited", code: 137 });
  await Promise.all(children.map((child) => child.treeGone));
  await Promise.all(children.map(discard));
  expect(spawner.spawn(plan(["true"]))).rejects.toThrow("disposed");
});

test("a thousand starts at once all run, though few are asked for at a time", async () => {
  await using spawner = createGuardedSpawner();
  const outcomes = await Promise.all(Array.from({ length: 1000 }, () => run(spawner, plan(["true"]))));
  for (const outcome of outcomes) expect(outcome.status).toEqual({ kind: "exited", code: 0 });
});

test("a start that lacks descriptors is refused by name, harms no other command, and works later", () => {
  const program = `${import.meta.dir}/fixtures/short-of-descriptors.ts`;
  const shell = Bun.spawnSync(["bash", "-c", 'ulimit -n 80; exec "$0" "$1"', process.execPath, program]);
  expect(shell.stdout.toString()).toBe(
    "true No file descriptors available (os error 24)\nstill works exited\n",
  );
});
