import { expect, test } from "bun:test";
import { startTestServer } from "../support/test-server.ts";
import { sleep } from "../support/wait.ts";
import { toBase64 } from "../support/wire-client.ts";
import { shell, startParams } from "./child.ts";
import { History } from "./history.ts";
import { checkLines, lineBytes, numberedLinesScript } from "./numbered-lines.ts";
import { ResumingClient } from "./resuming-client.ts";
import { long, seed, seededRandom } from "./seeded-random.ts";

const lines = long ? 400_000 : 40_000;

/** Up to `most` links of a client die after a random number of bytes; from 400, so that the handshake passes. */
function randomCuts(most: number, upToBytes: number): () => number | undefined {
  const random = seededRandom(seed);
  let left = most;
  return () => (left-- > 0 ? 400 + Math.floor(random() * upToBytes) : undefined);
}

function lineHistories(names: readonly string[]): Map<string, History> {
  return new Map(
    names.map((name) => [name, new History(name, (_, bytes, offset) => checkLines(bytes, offset))]),
  );
}

test.each([
  { tty: false, streams: ["stdout", "stderr"] },
  { tty: true, streams: ["pty"] },
])(
  "output across many cuts at random bytes (tty: $tty) loses nothing and repeats nothing",
  async ({ tty, streams }) => {
    await using server = await startTestServer();
    const histories = lineHistories(tty ? ["a"] : ["a", "b", "c"]);
    const client = new ResumingClient(
      server.url,
      histories,
      randomCuts(long ? 1000 : 40, tty ? 100_000 : 400_000),
    );
    const script = tty
      ? `stty raw; i=0; while [ $i -lt ${lines} ]; do seq -f %015.0f $i $((i+499)); i=$((i+500)); sleep 0.002; done`
      : numberedLinesScript(lines, 500);
    for (const name of histories.keys()) {
      await client.call("process/start", startParams(name, shell(script), { tty }));
    }
    await client.untilClosed(60_000);
    client.vanish();
    for (const [name, history] of histories) {
      expect(history.finish(), `seed ${seed}`).toEqual([]);
      expect(history.exitCode).toBe(0);
      for (const stream of streams)
        expect(history.bytes.get(stream), `${name} ${stream}`).toBe(lines * lineBytes);
    }
    expect(client.repeats).toEqual([]);
    expect(client.cuts).toBeGreaterThan(10);
  },
  120_000,
);

test("writes repeated after each cut reach the child once and in order", async () => {
  await using server = await startTestServer();
  const histories = lineHistories(["cat"]);
  const client = new ResumingClient(server.url, histories, randomCuts(30, 4_000));
  await client.call("process/start", startParams("cat", ["/bin/cat"], { pipeStdin: true }));
  const total = 400;
  for (let i = 0; i < total; i++) {
    const chunk = toBase64(`${String(i).padStart(15, "0")}\n`);
    await client.call("process/write", { processId: "cat", chunk, writeId: `line ${i}` });
  }
  const history = histories.get("cat");
  const arrived = await client.until(() => history?.bytes.get("stdout") === total * lineBytes, 20_000);
  expect(arrived, `seed ${seed}`).toBe(true);
  await client.call("process/terminate", { processId: "cat" });
  await client.untilClosed(20_000);
  client.vanish();
  expect(history?.finish(), `seed ${seed}`).toEqual([]);
  expect(client.cuts).toBeGreaterThan(10);
}, 60_000);

test("a request cut in the middle of its frame is not carried out, and the session lives", async () => {
  await using server = await startTestServer();
  const client = new ResumingClient(server.url, new Map(), () => undefined);
  const request = JSON.stringify({
    id: 900,
    method: "process/start",
    params: startParams("half", ["/bin/sleep", "30"]),
  });
  for (const part of [0.1, 0.5, 0.99]) {
    const link = await client.link();
    const frame = Buffer.concat([
      Buffer.from([0x81, 0xfe, request.length >> 8, request.length & 255, 0, 0, 0, 0]),
      Buffer.from(request),
    ]);
    link.socket.write(frame.subarray(0, Math.floor(frame.length * part)));
    await sleep(50);
    link.vanish();
    const reply = await client.call("process/read", { processId: "half" });
    expect(reply.error?.code).toBe(-32600);
  }
  client.vanish();
}, 30_000);
