import { expect, test } from "bun:test";
import { peakMiB, resetPeak, residentMiB } from "../support/process-tree.ts";
import { Opcode } from "../support/raw/frame.ts";
import { startTestServer } from "../support/test-server.ts";
import { WireClient } from "../support/wire-client.ts";

const MiB = 1 << 20;

test("a message over 64 MiB closes with 1009 and the limit; memory is bounded; others are served", async () => {
  await using server = await startTestServer();
  const other = await WireClient.open(server.url);
  const client = await WireClient.open(server.url, { timeoutMs: 30_000 });
  client.sendText(Buffer.alloc(65 * MiB, 0x20));
  const closed = await client.waitClosed(20_000);
  expect(closed.code).toBe(1009);
  expect(closed.reason).not.toBe("");
  expect((await other.call("environment/status")).result?.status).toBe("ready");
  other.vanish();
  client.vanish();
}, 60_000);

test("a fragmented message that never ends is refused before it fills memory", async () => {
  await using server = await startTestServer();
  const idle = residentMiB(server.ownProcesses);
  resetPeak(server.ownProcesses);
  const client = await WireClient.open(server.url, { timeoutMs: 30_000 });
  const fragment = Buffer.alloc(MiB, 0x20);
  client.socket.send(Opcode.text, fragment, { fin: false });
  for (let i = 0; i < 300 && !client.closed; i++) {
    client.socket.send(Opcode.continuation, fragment, { fin: false });
    await Bun.sleep(1);
  }
  expect((await client.waitClosed(20_000)).code).toBe(1009);
  expect(peakMiB(server.ownProcesses) - idle).toBeLessThan(256);
  client.vanish();
}, 60_000);
