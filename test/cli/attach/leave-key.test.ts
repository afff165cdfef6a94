import { expect, test } from "bun:test";
import { ourCli } from "../../support/our-cli.ts";
import { TerminalProgram } from "../../support/terminal-program.ts";
import { startTestServer } from "../../support/test-server.ts";
import { LeftJobs } from "./left-jobs.ts";

test("a job without a terminal is left with Ctrl-] as well, and the terminal is as it was", async () => {
  await using server = await startTestServer();
  using jobs = new LeftJobs(server.url);
  await jobs.leaveOne();
  const line = [...ourCli(["attach"]), "; echo code $?; stty -a | grep -o 'eol2 = [^;]*'"].join(" ");
  {
    await using first = new TerminalProgram(["/bin/sh", "-c", line], { cwd: jobs.home, env: jobs.env });
    await first.see("Ctrl-] leaves it");
    first.type("\x1d");
    await first.see("left running");
    await first.see("code 0\r\n");
    await first.see("eol2 = <undef>");
  }
  jobs.go();
  const last = await jobs.run(["attach"]);
  expect([last.code, last.stdout.endsWith("second\n")]).toEqual([7, true]);
});
