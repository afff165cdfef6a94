import { afterAll, expect, test } from "bun:test";
import { limits } from "../../../../core/limits.ts";
import { createGuardedSpawner } from "../../../../core/process/local/guarded-spawner.ts";
import { isAlive } from "../../../support/process-state.ts";
import { treeOf } from "../../../support/process-tree.ts";
import { comesToRest } from "../../../support/waiting-process.ts";
import { discard, pty, readAll, readUntil, run, script } from "./running.ts";

const spawner = createGuardedSpawner();
afterAll(() => spawner[Symbol.asyncDispose]());

test("an output of 32 MiB arrives whole in chunks that respect the limit", async () => {
  const child = await spawner.spawn(script("head -c 33554432 /dev/zero"));
  let bytes = 0;
  let longest = 0;
  for (;;) {
    const chunk = await child.outputs[0]?.read();
    if (chunk === null || chunk === undefined) break;
    bytes += chunk.length;
    longest = Math.max(longest, chunk.length);
  }
  expect(bytes).toBe(32 * 1024 * 1024);
  expect(longest).toBeLessThanOrEqual(limits.outputChunkBytes);
  await discard(child);
});

test("an output chunk of a few bytes holds no large buffer", async () => {
  const child = await spawner.spawn(script("echo hi"));
  const chunk = await child.outputs[0]?.read();
  expect(chunk?.buffer.byteLength).toBeLessThanOrEqual(16);
  await discard(child);
});

test("an output that nobody reads holds the child back", async () => {
  const child = await spawner.spawn(script("head -c 16777216 /dev/zero; echo done >&2"));
  const end = child.outputs[1]?.read();
  expect(await comesToRest(() => treeOf(child.pid), 10_000)).toBe(true);
  expect(await Promise.race([end, Promise.resolve()])).toBeUndefined();
  expect(isAlive(child.pid)).toBe(true);
  expect((await readAll(child)).length).toBe(16 * 1024 * 1024);
  expect(Buffer.from((await end) ?? []).toString()).toBe("done\n");
  await discard(child);
});

test("an exit is told while a grandchild holds the pipe, and the output ends with the grandchild", async () => {
  const child = await spawner.spawn(script("(read never < /dev/null; sleep 0.3; echo late) & echo early"));
  expect(await child.exited).toEqual({ kind: "exited", code: 0 });
  expect(await readAll(child)).toBe("early\nlate\n");
  await child.treeGone;
});

test("an exit is told while a grandchild holds the PTY, and the output ends with the grandchild", async () => {
  const child = await spawner.spawn(
    script("trap '' HUP; (sleep 0.3; echo late) & echo early", { stdio: pty }),
  );
  expect(await child.exited).toEqual({ kind: "exited", code: 0 });
  expect(await readAll(child)).toBe("early\r\nlate\r\n");
  await child.treeGone;
});

test("closing an output answers the read that waits, and the child gets SIGPIPE", async () => {
  const child = await spawner.spawn(
    script("echo ready; read wait; while :; do echo more; done", { stdio: { kind: "pipes", stdin: true } }),
  );
  await readUntil(child, "ready");
  const waiting = child.outputs[0]?.read();
  child.outputs[0]?.close();
  expect(await waiting).toBeNull();
  expect(await child.outputs[0]?.read()).toBeNull();
  await child.input?.write(Buffer.from("go\n"));
  expect((await child.exited).kind).toBe("exited");
  await discard(child);
});

test("closing a PTY hangs up on its programs", async () => {
  const child = await spawner.spawn(script("echo ready; exec sleep 100", { stdio: pty }));
  await readUntil(child, "ready");
  child.outputs[0]?.close();
  expect(await child.exited).toEqual({ kind: "exited", code: 129 });
  await discard(child);
});

test("a PTY that nobody reads holds the child back and loses nothing", async () => {
  const child = await spawner.spawn(script("stty raw; head -c 4194304 /dev/zero; echo done", { stdio: pty }));
  expect(await comesToRest(() => treeOf(child.pid), 10_000)).toBe(true);
  expect(isAlive(child.pid)).toBe(true);
  const text = await readAll(child);
  expect(text.length).toBe(4 * 1024 * 1024 + 5);
  expect(text.endsWith("done\n")).toBe(true);
  await discard(child);
});

test("bytes that are no text arrive as they are", async () => {
  const { out } = await run(spawner, script("printf '\\000\\377\\n\\303'| od -An -tx1"));
  expect(out.trim()).toBe("00 ff 0a c3");
  const child = await spawner.spawn(script("printf '\\000\\377\\n\\303'"));
  expect(await child.outputs[0]?.read()).toEqual(new Uint8Array([0, 0xff, 10, 0xc3]));
  await discard(child);
});

test("two hundred outputs at once are all complete", async () => {
  const all = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      run(spawner, script(`head -c 100000 /dev/zero | tr '\\0' x; echo ${index}`)),
    ),
  );
  all.forEach(({ out }, index) => {
    expect(out.length).toBe(100_000 + `${index}\n`.length);
  });
});
