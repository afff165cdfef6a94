import { expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExitCode } from "../../../cli/exit-codes.ts";
import { runCli } from "../../support/our-cli.ts";
import { startTestServer } from "../../support/test-server.ts";
import { until } from "../../support/wait.ts";

test("a server of this machine that was killed, and that nothing follows, is waited for only briefly", async () => {
  const directory = mkdtempSync(join(tmpdir(), "codex-env-exec-"));
  await using killed = await startTestServer({ listen: `unix://${directory}/s.sock` });
  const running = runCli(["exec", "--url", killed.url, "--", "sh", "-c", `touch ${directory}/up; sleep 60`]);
  expect(await until(() => existsSync(join(directory, "up")), 5_000)).toBe(true);
  killed.signal("SIGKILL");
  const { code, stderr } = await running;
  expect([code, stderr]).toEqual([
    ExitCode.linkLost,
    expect.stringContaining("its server on this machine has ended"),
  ]);
  rmSync(directory, { recursive: true, force: true });
}, 20_000);
