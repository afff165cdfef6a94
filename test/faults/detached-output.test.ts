import { expect, test } from "bun:test";
import { startTestServer } from "../support/test-server.ts";
import { sleep, until } from "../support/wait.ts";
import { WireClient } from "../support/wire-client.ts";
import { shell, startParams } from "./child.ts";
import { History } from "./history.ts";
import { watchMemory } from "./memory-watch.ts";
import { checkLines, lineBytes } from "./numbered-lines.ts";
import { ResumingClient } from "./resuming-client.ts";

const lines = 4_000_000;
/** Nobody holds this child back: beside what is retained in memory, its output passes through on its way to the file. */
const allowedWhileSpillingMiB = 192;

test(`${(lines * lineBytes) / 1e6} MB printed while nobody is attached wait in a file and arrive whole after the resume`, async () => {
  await using server = await startTestServer();
  const memory = await watchMemory(server);
  const history = new History("p", (_, bytes, offset) => checkLines(bytes, offset));
  const client = new ResumingClient(server.url, new Map([["p", history]]), () => undefined);
  // seq -f is too slow for this much; awk makes the same lines.
  const script = `sleep 0.3; exec awk 'BEGIN { for (i = 0; i < ${lines}; i++) printf "%015d\\n", i }'`;
  const link = await client.link();
  await link.request("process/start", startParams("p", shell(script)));
  client.vanish();
  await sleep(100);
  await sleep(4000);
  expect(memory.growth(), "MiB above idle while detached").toBeLessThan(allowedWhileSpillingMiB);
  await client.untilClosed(60_000);
  client.vanish();
  expect(history.finish()).toEqual([]);
  expect(history.bytes.get("stdout")).toBe(lines * lineBytes);
  expect(client.repeats).toEqual([]);
}, 120_000);

test("files of spilled output have no name and are gone with their session", async () => {
  await using server = await startTestServer({ flags: ["--session-ttl", "1"] });
  const client = await WireClient.open(server.url);
  await client.request("process/start", startParams("p", shell("head -c 80000000 /dev/zero; sleep 100")));
  client.vanish();
  const spilled = () =>
    Bun.spawnSync(["ls", "-l", `/proc/${server.pid}/fd`])
      .stdout.toString()
      // Not the programs that lie in memory.
      .match(/-> \/(?!memfd:).*\(deleted\)/g) ?? [];
  await sleep(700);
  const during = spilled().length;
  await until(() => spilled().length === 0, 5000);
  expect(during).toBeGreaterThan(0);
  expect(spilled().length).toBe(0);
}, 60_000);
