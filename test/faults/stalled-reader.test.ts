import { afterAll, expect, test } from "bun:test";
import { mkdirSync, rmSync } from "node:fs";
import { startTestServer } from "../support/test-server.ts";
import { sleep } from "../support/wait.ts";
import { WireClient } from "../support/wire-client.ts";
import { shell, startParams } from "./child.ts";
import { allowedMiB, watchMemory } from "./memory-watch.ts";
import { countingClient, OutputCounter } from "./open-process.ts";
import { long } from "./seeded-random.ts";

const MiB = 1 << 20;
const blocks = long ? 160 : 20;
const blockMiB = 64;
/**
 * The same for a client that reads at full speed: 42 MiB of retained output, what is on its way through the server, and
 * some 25 MiB of code, which an idle server has given back.
 */
const allowedFlowingMiB = 192;

/** One block of bytes that no two places share; the child prints it again and again. */
const directory = "/dev/shm/codex-env-faults";
const blockFile = `${directory}/block-${process.pid}`;
const block = Buffer.alloc(blockMiB * MiB);
for (let at = 0; at + 8 <= block.length; at += 8) block.writeDoubleLE(at * 1.37, at);
mkdirSync(directory, { recursive: true });
await Bun.write(blockFile, block);
afterAll(() => rmSync(blockFile, { force: true }));

function expectedDigest(): string {
  const hasher = new Bun.CryptoHasher("sha256");
  for (let i = 0; i < blocks; i++) hasher.update(block);
  return hasher.digest("hex");
}

const printBlocks = shell(`i=0; while [ $i -lt ${blocks} ]; do cat ${blockFile}; i=$((i+1)); done`);

test(`a client that stops reading holds back its child; ${blocks * blockMiB} MiB later nothing is lost and memory stayed within ${allowedMiB} MiB`, async () => {
  await using server = await startTestServer();
  const memory = await watchMemory(server);
  const counter = new OutputCounter(true);
  const stalled = await countingClient(server.url, counter);
  await stalled.request("process/start", startParams("flood", printBlocks));
  await stalled.waitFor(() => counter.bytes > MiB);
  stalled.socket.pause();
  const other = await WireClient.open(server.url);
  await sleep(1500);
  const whenStalled = counter.bytes;
  const slowest = await slowestRoundTrip(other, 100);
  expect(slowest, "another session's slowest request while one is stalled, ms").toBeLessThan(500);
  expect(memory.growth(), "MiB above idle while stalled").toBeLessThan(allowedMiB);
  expect(whenStalled).toBeLessThan(64 * MiB);
  stalled.socket.resume();
  await stalled.waitFor(() => counter.closed.has("flood"), 120_000);
  expect(counter.bytes).toBe(blocks * blockMiB * MiB);
  expect(counter.digest()).toBe(expectedDigest());
  expect(counter.exits.get("flood")).toBe(0);
  expect(memory.growth(), "MiB above idle over the whole flood").toBeLessThan(allowedFlowingMiB);
  stalled.vanish();
  other.vanish();
}, 300_000);

test("a client whose PTY floods a stalled reader is held back as well and loses nothing", async () => {
  await using server = await startTestServer();
  const memory = await watchMemory(server);
  const counter = new OutputCounter();
  const stalled = await countingClient(server.url, counter);
  const bytes = 100 * MiB;
  const script = `stty raw; head -c ${bytes} /dev/zero`;
  await stalled.request("process/start", startParams("pty", shell(script), { tty: true }));
  await stalled.waitFor(() => counter.bytes > MiB / 4);
  stalled.socket.pause();
  await sleep(1500);
  expect(memory.growth(), "MiB above idle").toBeLessThan(allowedMiB);
  stalled.socket.resume();
  await stalled.waitFor(() => counter.closed.has("pty"), 60_000);
  expect(counter.bytes).toBe(bytes);
  stalled.vanish();
}, 120_000);

test("requests of the same connection are answered while its own output floods", async () => {
  await using server = await startTestServer();
  const counter = new OutputCounter();
  const client = await countingClient(server.url, counter);
  await client.request("process/start", startParams("flood", printBlocks));
  await client.waitFor(() => counter.bytes > MiB);
  const slowest = await slowestRoundTrip(client, 50);
  expect(slowest, "slowest request under flood, ms").toBeLessThan(1500);
  expect((await client.call("process/terminate", { processId: "flood" })).result?.running).toBe(true);
  await client.waitFor(() => counter.closed.has("flood"), 20_000);
  client.vanish();
}, 60_000);

async function slowestRoundTrip(client: WireClient, count: number): Promise<number> {
  let slowest = 0;
  for (let i = 0; i < count; i++) {
    const begun = performance.now();
    await client.request("environment/status");
    slowest = Math.max(slowest, performance.now() - begun);
  }
  return slowest;
}
