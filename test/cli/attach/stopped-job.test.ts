import { expect, test } from "bun:test";
import { ourCli } from "../../support/our-cli.ts";
import { TerminalProgram } from "../../support/terminal-program.ts";
import { startTestServer } from "../../support/test-server.ts";
import { LeftJobs } from "./left-jobs.ts";

const prompt = /box:[^>]*> /;

test("a stopped job that another takes along stays stopped, and goes on with Enter once attached to", async () => {
  await using server = await startTestServer();
  using jobs = new LeftJobs(server.url);
  const options = { cwd: jobs.home, env: jobs.env };
  let id = "";
  {
    await using repl = new TerminalProgram(ourCli(["connect"]), options);
    await repl.see(prompt, 8_000);
    repl.type("cat\r");
    await repl.see("cat\r\n");
    repl.type("one\r");
    await repl.see("one\r\none\r\n");
    repl.type("\x1a");
    await repl.see("[1] stopped: cat");
    await repl.see(prompt);
    repl.type("sleep 60 &\r");
    await repl.see("[2] sleep 60");
    await repl.see(prompt);
    repl.type(".detach 2\r");
    await repl.see(/\[2\] goes on for up to 24 hours: sleep 60; codex-env attach [0-9a-f]{8} goes back/);
    [, id = ""] = await repl.see(
      /\[1\] goes along, since it runs in the same session, and stays stopped until Enter is typed there: cat; codex-env attach ([0-9a-f]{8})/,
    );
    await repl.see(prompt);
    repl.type(".jobs\r.quit\r");
    await repl.see(".quit");
  }
  await using attached = new TerminalProgram(ourCli(["attach", id]), options);
  await attached.see("Ctrl-] leaves it");
  attached.type("\r");
  // What the shell says of a job that it brings back.
  await attached.see("cat\r\n");
  attached.type("two\r");
  await attached.see("two\r\ntwo\r\n");
  attached.type("\x04");
  expect(await attached.exitCode()).toBe(0);
});
