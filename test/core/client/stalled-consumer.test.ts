import { expect, test } from "bun:test";
import { connectClient } from "../../../core/client/connect-client.ts";
import { parseTarget } from "../../../core/client/target.ts";
import { treeOf } from "../../support/process-tree.ts";
import { startTestServer } from "../../support/test-server.ts";
import { comesToRest } from "../../support/waiting-process.ts";

const lines = 8_000_000;
const MiB = 1024 * 1024;

test("a consumer that stalls holds back the command, not our memory, and then gets everything", async () => {
  await using server = await startTestServer();
  using client = await connectClient(parseTarget(server.url), { clientName: "test" });
  const stalled = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  const hash = new Bun.CryptoHasher("sha256");
  let taken = 0;
  Bun.gc(true);
  const before = process.memoryUsage.rss();
  await client.processes.start(
    {
      argv: ["seq", "1", String(lines)],
      cwd: "file:///",
      env: {},
      inherit: "all",
      stdio: { kind: "pipes", stdin: false },
    },
    (event) => {
      if (event.kind === "closed") over.resolve();
      if (event.kind !== "output") return undefined;
      taken += event.bytes.length;
      hash.update(event.bytes);
      return stalled.promise;
    },
  );
  // The server's own processes are busy with nothing else, so what is left of its tree is the command.
  const command = () => treeOf(server.pid).filter((pid) => !server.ownProcesses.includes(pid));
  expect(await comesToRest(command, 10_000)).toBe(true);
  expect(taken).toBeLessThan(MiB);
  expect(process.memoryUsage.rss() - before).toBeLessThan(48 * MiB);
  stalled.resolve();
  await over.promise;
  const expected = Bun.spawnSync(["sh", "-c", `seq 1 ${lines} | sha256sum`])
    .stdout.toString()
    .slice(0, 64);
  expect(hash.digest("hex")).toBe(expected);
}, 20_000);
