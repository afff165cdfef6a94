import { afterAll, expect, test } from "bun:test";
import { createGuardedSpawner } from "../../../../core/process/local/guarded-spawner.ts";
import { InputClosedError } from "../../../../core/process/spawned-process.ts";
import { discard, pipedStdin, plan, pty, readAll, readUntil, script } from "./running.ts";

const spawner = createGuardedSpawner();
afterAll(() => spawner[Symbol.asyncDispose]());

async function rejection(promise: Promise<unknown> | undefined): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return undefined;
}

test("stdin is empty where the plan has none", async () => {
  const child = await spawner.spawn(script("wc -c"));
  expect(child.input).toBeUndefined();
  expect((await readAll(child)).trim()).toBe("0");
  await discard(child);
});

test("stdin brings 8 MiB through in order, and its end", async () => {
  const child = await spawner.spawn(plan(["sha256sum"], { stdio: pipedStdin }));
  const hasher = new Bun.CryptoHasher("sha256");
  for (let block = 0; block < 8; block++) {
    const bytes = new Uint8Array(1024 * 1024).fill(block);
    hasher.update(bytes);
    await child.input?.write(bytes);
  }
  child.input?.end();
  expect((await readAll(child)).slice(0, 64)).toBe(hasher.digest("hex"));
  await discard(child);
});

test.each([
  ["a pipe", pipedStdin],
  ["a PTY", pty],
] as const)("a write to %s that nobody reads waits, and giving up rejects it", async (_name, stdio) => {
  const child = await spawner.spawn(script("stty raw 2>/dev/null; echo ready; exec sleep 100", { stdio }));
  await readUntil(child, "ready");
  const waiting = rejection(child.input?.write(new Uint8Array(1024 * 1024)));
  expect(await Promise.race([waiting, Bun.sleep(100).then(() => "waits")])).toBe("waits");
  child.input?.close();
  expect(await waiting).toBeInstanceOf(InputClosedError);
  expect(await rejection(child.input?.write(new Uint8Array(1)))).toBeInstanceOf(InputClosedError);
  await discard(child);
});

test.each([
  ["a pipe", pipedStdin],
  ["a PTY", pty],
] as const)("a write to %s that waits when the program ends is rejected", async (_name, stdio) => {
  const child = await spawner.spawn(script("stty raw 2>/dev/null; echo ready; exec sleep 100", { stdio }));
  await readUntil(child, "ready");
  const waiting = rejection(child.input?.write(new Uint8Array(1024 * 1024)));
  child.killTree();
  const rest = readAll(child);
  expect(await waiting).toBeInstanceOf(InputClosedError);
  await rest;
  await discard(child);
});

test("a write to stdin that its reader has closed is rejected", async () => {
  const child = await spawner.spawn(script("exec 0<&-; echo closed; exec sleep 100", { stdio: pipedStdin }));
  await readUntil(child, "closed");
  expect(await rejection(child.input?.write(Buffer.from("x")))).toBeInstanceOf(InputClosedError);
  await discard(child);
});

test("a slow reader on a PTY gets all that is typed, in order", async () => {
  const child = await spawner.spawn(
    script("stty raw -echo; echo ready; sleep 0.1; head -c 300000 | sha256sum", { stdio: pty }),
  );
  await readUntil(child, "ready");
  const bytes = new Uint8Array(300_000).map((_, index) => index % 251);
  const first = child.input?.write(bytes.subarray(0, 200_000));
  const second = child.input?.write(bytes.subarray(200_000));
  await Promise.all([first, second]);
  expect(await readAll(child)).toContain(new Bun.CryptoHasher("sha256").update(bytes).digest("hex"));
  await discard(child);
});

test("the end of a PTY's input is its end-of-input character", async () => {
  const child = await spawner.spawn(script("stty eof ^X; echo ready; cat; echo over", { stdio: pty }));
  await readUntil(child, "ready");
  child.input?.end();
  expect(await readUntil(child, "over")).not.toContain("^D");
  await discard(child);
});

test.each([1, 70_000])(
  "a write of %d bytes to a pipe that nobody reads any more is rejected, once",
  async (size) => {
    // A second failure, which nobody handles, fails the test.
    const child = await spawner.spawn(
      script("exec </dev/null; echo closed; exec sleep 100", { stdio: pipedStdin }),
    );
    await readUntil(child, "closed");
    expect(await rejection(child.input?.write(new Uint8Array(size)))).toBeInstanceOf(InputClosedError);
    await Bun.sleep(0);
    await discard(child);
  },
);
