import { expect, test } from "bun:test";
import { startTestServer } from "../support/test-server.ts";
import { toBase64, WireClient } from "../support/wire-client.ts";
import { shell, startParams } from "./child.ts";

async function sizeSeen(client: WireClient, processId: string, mark: string): Promise<string> {
  await client.request("process/write", { processId, chunk: toBase64(`${mark}\n`), writeId: mark });
  const found = await client.waitFor(() =>
    new RegExp(`${mark}=(\\d+ \\d+)`).exec(client.outputOf(processId)),
  );
  return found[1] ?? "";
}

test("a PTY resized thousands of times, to nothing and to the largest, keeps its command and ends at the last size", async () => {
  await using server = await startTestServer();
  const client = await WireClient.open(server.url);
  const script = "stty -echo; trap '' WINCH; echo ready; while read m; do echo $m=$(stty size); done";
  await client.request("process/start", startParams("p", shell(script), { tty: true }));
  await client.waitFor(() => client.outputOf("p").includes("ready"));
  const resize = (rows: number, columns: number) =>
    client.call("process/resize", { processId: "p", rows, columns });
  const replies = await Promise.all(
    Array.from({ length: 2000 }, (_, i) => resize(10 + (i % 50), 20 + (i % 100))),
  );
  expect(replies.every((reply) => reply.error === undefined)).toBe(true);
  expect(await sizeSeen(client, "p", "after")).toBe("59 119");
  for (const [rows, columns] of [
    [0, 0],
    [65535, 65535],
    [65536, 1],
    [-1, 1],
    [1e9, 1e9],
  ] as const) {
    const reply = await resize(rows, columns);
    if (reply.error) expect(reply.error.code).toBe(-32602);
  }
  await resize(33, 77);
  expect(await sizeSeen(client, "p", "last")).toBe("33 77");
  client.vanish();
}, 60_000);
