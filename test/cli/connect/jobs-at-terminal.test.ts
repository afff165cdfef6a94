import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stoppedSuffix } from "../../../cli/connect/wrap-line.ts";
import { ExitCode } from "../../../cli/exit-codes.ts";
import { ourCli } from "../../support/our-cli.ts";
import { isAlive } from "../../support/process-state.ts";
import { TerminalProgram } from "../../support/terminal-program.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { until } from "../../support/wait.ts";

let home: string;
let server: TestServer;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "codex-env-jobs-"));
  server = await startTestServer({ cwd: home, env: { HOME: home, TMPDIR: home } });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(home, { recursive: true, force: true });
});

const prompt = /env:[^>]*> /;

async function atPrompt(url = server.url): Promise<TerminalProgram> {
  const repl = new TerminalProgram(ourCli(["connect", url]), {
    cwd: home,
    env: { HOME: home, XDG_STATE_HOME: join(home, "state"), CODEX_EXEC_SERVER_URL: "" },
  });
  await repl.see(prompt, 8_000);
  return repl;
}

/** Starts a job that says its PID and stays, and brings it into the foreground. */
async function bringBack(repl: TerminalProgram): Promise<string> {
  repl.type("echo pid $$; echo second; exec sleep 100 &\r");
  await repl.see("[1] echo pid");
  await repl.see(prompt);
  repl.type("sleep 0.3\r");
  await repl.see(prompt);
  repl.type(".fg\r");
  const [, pid = ""] = await repl.see(/pid (\d+)\r\nsecond\r\n/);
  return pid;
}

describe("a job on pipes that .fg brought back", () => {
  test.each([
    ["Ctrl-C", "\x03", /\[exit 130.*\] env:/],
    ["Ctrl-\\", "\x1c", /\[exit 131.*\] env:/],
  ])("ends with %s, and its lines begin at the left edge", async (_name, key, ended) => {
    await using repl = await atPrompt();
    const pid = await bringBack(repl);
    repl.type(key);
    await repl.see(ended);
    expect(await until(() => !isAlive(pid), 2_000)).toBe(true);
    repl.type("echo $((40 + 2))\r");
    await repl.see(/\n42\r\n/);
  });

  test("goes on in the background after Ctrl-Z, which suspends nobody, any number of times", async () => {
    await using repl = await atPrompt();
    const pid = await bringBack(repl);
    for (let times = 0; times < 2; times++) {
      repl.type("\x1a");
      await repl.see("[1] goes on in the background: echo pid");
      await repl.see(prompt);
      expect(isAlive(pid)).toBe(true);
      repl.type(".fg\r");
      await repl.see(".fg\r\n");
      await Bun.sleep(200);
    }
    repl.type("\x03");
    await repl.see(/\[exit 130.*\] env:/);
    repl.type("echo $((40 + 2))\r");
    await repl.see(/\n42\r\n/);
  });
});

test("a program can be stopped and brought back any number of times", async () => {
  await using repl = await atPrompt();
  repl.type("cat; echo code $?\r");
  await repl.see("code $?\r\n");
  for (const word of ["one", "two", "three"]) {
    repl.type(`${word}\r`);
    await repl.see(`${word}\r\n${word}\r\n`);
    repl.type("\x1a");
    await repl.see("[1] stopped: cat");
    await repl.see(/\[exit 148.*\] env:/);
    repl.type(".fg\r");
    await repl.see(/\.fg\r\n.*cat/s);
  }
  repl.type("last\r");
  await repl.see("last\r\nlast\r\n");
  repl.type("\x04");
  await repl.see(prompt);
  repl.type(".jobs; \x15.jobs\r");
  await repl.see(/\.jobs\r\n.*env:/s);
  expect(repl.seen.split("[1] stopped: cat")).toHaveLength(4);
}, 15_000);

test("a stopped program leaves nothing of its shell's state behind when the REPL ends", async () => {
  await using repl = await atPrompt();
  repl.type('echo "<$__codex_env_state>"; cat\r');
  const [, file = ""] = await repl.see(/<(\/[^>]+)>\r\n/);
  // The key would come to nothing before the program is there.
  repl.type("there\r");
  await repl.see("there\r\nthere\r\n");
  repl.type("\x1a");
  await repl.see("[1] stopped: echo");
  await repl.see(/\[exit 148.*\] env:/);
  expect(existsSync(file + stoppedSuffix)).toBe(true);
  repl.type("\x04");
  expect(await repl.exitCode()).toBe(148);
  expect([existsSync(file), existsSync(file + stoppedSuffix)]).toEqual([false, false]);
});

test("a line that has ended but left something running is told once, in one sentence", async () => {
  await using repl = await atPrompt();
  repl.type("setsid sleep 100 & echo begun; exit 3\r");
  await repl.see("[1] has ended and left something running that holds its output: setsid", 8_000);
  await repl.see(/\[exit 3.*\] env:/);
  repl.type(".jobs\r");
  await repl.see(/\[1\] {2}exit 3, output still open/);
  await repl.see(prompt);
  repl.type(".kill\r");
  await repl.see("[1] killed what it left running: setsid");
  await repl.see(prompt);
  expect(repl.seen).not.toContain("[1] exit 3:");
});

test("Ctrl-D in the middle of a line gives the line up, and at the prompt leaves", async () => {
  await using repl = await atPrompt();
  for (const word of ["one", "two"]) {
    repl.type(`echo '${word}\r`);
    await repl.see("\x1b[0J> ");
    repl.type("\x04");
    await repl.see(/\^D\r\n.*env:[^>]*> /s);
    repl.type("echo $((40 + 2))\r");
    await repl.see(/\n42\r\n/);
    await repl.see(prompt);
  }
  repl.type("\x1b[A");
  await repl.see("echo $((40 + 2))");
  repl.type("\x15\x04");
  expect(await repl.exitCode()).toBe(0);
});

test("exit by itself leaves with its code", async () => {
  await using repl = await atPrompt();
  repl.type("exit 7\r");
  expect(await repl.exitCode()).toBe(7);
});

test("a server that ends while a line runs costs the session, not the REPL, and leaves 123", async () => {
  await using brief = await startTestServer({ cwd: home, env: { HOME: home, TMPDIR: home } });
  await using repl = await atPrompt(brief.url);
  repl.type("cat\r");
  await repl.see("cat\r\n");
  repl.type("runs\r");
  await repl.see("runs\r\nruns\r\n");
  await brief[Symbol.asyncDispose]();
  await repl.see("the session is lost");
  await repl.see(/\[no link · exit 123.*\] env:/);
  // Leaving by Ctrl-D tells of the session, whatever the line before gave.
  repl.type(".nonsense\r");
  await repl.see(/\[no link · exit 2.*\] env:/);
  repl.type("\x04");
  expect(await repl.exitCode()).toBe(ExitCode.linkLost);
});
