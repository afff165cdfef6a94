import { expect, test } from "bun:test";
import { limits } from "../../core/limits.ts";
import { peakMiB, resetPeak, residentMiB } from "../support/process-tree.ts";
import { startTestServer } from "../support/test-server.ts";
import { toBase64, WireClient } from "../support/wire-client.ts";
import { shell, startParams } from "./child.ts";
import { long } from "./seeded-random.ts";

const MiB = 1 << 20;

test("stdin that its child never reads: writes wait or are refused, memory is bounded, the link serves on", async () => {
  await using server = await startTestServer();
  const client = await WireClient.open(server.url, { timeoutMs: 120_000 });
  await client.request("process/start", startParams("deaf", ["/bin/sleep", "100"], { pipeStdin: true }));
  const idle = residentMiB(server.ownProcesses);
  resetPeak(server.ownProcesses);
  const chunk = toBase64(Buffer.alloc(MiB, 0x78));
  const total = long ? 1024 : 256;
  let accepted = 0;
  let refused = 0;
  for (let i = 0; i < total; i++) {
    client.call("process/write", { processId: "deaf", chunk, writeId: `w${i}` }).then(
      (reply) => {
        if (reply.result?.status === "accepted") accepted++;
        else refused++;
      },
      () => {},
    );
  }
  expect((await client.call("environment/status")).result?.status).toBe("ready");
  const waitingMiB = (limits.inputQueueBytes + limits.inputWaitingBytes) / MiB;
  expect(accepted).toBeLessThanOrEqual(limits.inputQueueBytes / MiB + 2);
  expect(accepted + refused).toBeGreaterThanOrEqual(total - waitingMiB - 2);
  // Twice: what waits, and the same again of messages being read.
  expect(peakMiB(server.ownProcesses) - idle).toBeLessThan(3 * waitingMiB + 64);
  expect((await client.call("process/terminate", { processId: "deaf" })).result?.running).toBe(true);
  await client.waitProcessClosed("deaf");
  client.vanish();
}, 120_000);

test("the same writeId is applied once, whether its first write was answered, waits or was refused", async () => {
  await using server = await startTestServer();
  const client = await WireClient.open(server.url, { timeoutMs: 60_000 });
  const script = "sleep 0.5; wc -c";
  await client.request("process/start", startParams("slow", shell(script), { pipeStdin: true }));
  const chunk = toBase64(Buffer.alloc(100_000, 0x78));
  const writes = Array.from({ length: 60 }, (_, i) =>
    client.request("process/write", { processId: "slow", chunk, writeId: `w${i % 20}` }),
  );
  await Promise.all(writes);
  await client.request("process/closeStdin", { processId: "slow" });
  await client.waitProcessClosed("slow");
  expect(client.outputOf("slow").trim()).toBe("2000000");
  client.vanish();
}, 60_000);
