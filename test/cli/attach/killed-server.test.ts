import { expect, test } from "bun:test";
import { join } from "node:path";
import { ExitCode } from "../../../cli/exit-codes.ts";
import { startTestServer } from "../../support/test-server.ts";
import { LeftJobs } from "./left-jobs.ts";

test("a session by URL is listed with it, and forgotten when attach finds its server gone", async () => {
  using jobs = new LeftJobs("ws://127.0.0.1:1");
  await using server = await startTestServer({ listen: `unix://${join(jobs.home, "s.sock")}` });
  const left = await jobs.connect("sleep 60 &\n.detach\n", [server.url]);
  expect(left.code).toBe(0);
  expect((await jobs.run(["status"])).stdout).toMatch(
    new RegExp(`[0-9a-f]{8} +${RegExp.escape(server.url)} +left, kept for`),
  );
  server.signal("SIGKILL");
  await server.exited;
  const attached = await jobs.run(["attach"]);
  expect([attached.code, attached.stderr]).toEqual([
    ExitCode.linkLost,
    "codex-env attach: its server has ended, and so have the session and the process\n",
  ]);
  expect(jobs.entries()).toEqual([]);
});
