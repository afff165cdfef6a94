import { expect, test } from "bun:test";
import { startTestServer } from "../support/test-server.ts";
import { fromBase64, toBase64, WireClient } from "../support/wire-client.ts";
import { shell, startParams } from "./child.ts";

function bytesOf(client: WireClient, processId: string): Buffer {
  const outputs = client.eventsOf(processId).filter((event) => event.method === "process/output");
  return Buffer.concat(outputs.map((event) => fromBase64(event.params.chunk)));
}

async function echoed(input: Buffer, members: Readonly<Record<string, unknown>>): Promise<Buffer> {
  await using server = await startTestServer();
  const client = await WireClient.open(server.url, { timeoutMs: 60_000 });
  const script = members["tty"] ? "stty raw -echo; echo; exec cat" : "echo; exec cat";
  await client.request("process/start", startParams("cat", shell(script), members));
  await client.waitFor(() => bytesOf(client, "cat").length > 0);
  const before = bytesOf(client, "cat").length;
  for (let at = 0, i = 0; at < input.length; at += 100_000, i++) {
    const chunk = toBase64(input.subarray(at, at + 100_000));
    void client.request("process/write", { processId: "cat", chunk, writeId: `${i}` });
  }
  const all = await client.waitFor(() => {
    const bytes = bytesOf(client, "cat");
    return bytes.length >= before + input.length ? bytes : undefined;
  }, 60_000);
  client.vanish();
  return all.subarray(before);
}

const everyByte = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7919) & 255));

test.each([
  { name: "every byte value, NULs and invalid UTF-8", input: everyByte },
  { name: "multibyte text split anywhere", input: Buffer.from("é☃𝄞".repeat(50_000)) },
])(
  "$name goes through a pipe and back unchanged",
  async ({ input }) => {
    expect((await echoed(input, { pipeStdin: true })).equals(input)).toBe(true);
  },
  60_000,
);

test("every byte value goes through a raw PTY and back unchanged", async () => {
  expect((await echoed(everyByte, { tty: true })).equals(everyByte)).toBe(true);
}, 60_000);

test("a line of 100 MB without an end arrives whole", async () => {
  await using server = await startTestServer();
  let received = 0;
  let foreign = 0;
  const client = await WireClient.open(server.url, {
    timeoutMs: 60_000,
    onNotification: ({ method, params }) => {
      if (method !== "process/output") return;
      const bytes = fromBase64(params.chunk);
      received += bytes.length;
      if (bytes.some((byte) => byte !== 0x61)) foreign++;
    },
  });
  await client.request("process/start", startParams("p", shell("head -c 100000000 /dev/zero | tr '\\0' a")));
  await client.waitFor(() => received >= 100_000_000, 60_000);
  expect([received, foreign]).toEqual([100_000_000, 0]);
  client.vanish();
}, 90_000);
