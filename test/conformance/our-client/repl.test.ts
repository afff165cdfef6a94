import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ourCli, runCli } from "../../support/our-cli.ts";
import { TerminalProgram } from "../../support/terminal-program.ts";
import type { TestServer } from "../../support/test-server.ts";
import { installReference } from "../install-reference.ts";
import { listening } from "./both-servers.ts";

let home: string;
let server: TestServer;
beforeAll(async () => {
  await installReference();
  home = realpathSync(mkdtempSync(join(tmpdir(), "codex-env-repl-")));
  server = await listening("the published server", home);
}, 120_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(home, { recursive: true, force: true });
});

const variables = () => ({ HOME: home, CODEX_HOME: home, XDG_STATE_HOME: home, CODEX_EXEC_SERVER_URL: "" });
const prompt = /env:[^>]*> /;

async function atPrompt(): Promise<TerminalProgram> {
  const options = { cwd: home, env: variables(), columns: 100, rows: 30 };
  const repl = new TerminalProgram(ourCli(["connect", server.url]), options);
  await repl.see(prompt, 8_000);
  return repl;
}

const piped = (...lines: readonly string[]) =>
  runCli(["connect", server.url], { cwd: home, env: variables(), stdin: `${lines.join("\n")}\n` });

describe("the REPL on the published server, at a terminal,", () => {
  test("gives each line the size that the window has by then", async () => {
    await using repl = await atPrompt();
    repl.type("stty size\r");
    await repl.see("\r\n30 100\r\n");
    await repl.see(prompt);
    repl.resize(70, 15);
    // The keys may overtake the signal that tells of the new size.
    for (let told = ""; told !== "15 70"; ) {
      repl.type("stty size\r");
      [, told = ""] = await repl.see(/\n(?:\x1b\S*)?(\d+ \d+)\r\n/);
      await repl.see(prompt);
    }
  });

  test("numbers the lines of a mistake as before", async () => {
    await using repl = await atPrompt();
    repl.type("nosuchcommand\r");
    await repl.see(/line \d+: nosuchcommand: command not found/);
    expect(repl.seen).toContain("line 2: nosuchcommand");
  });

  test("stops, brings back and interrupts programs, and gives up a flood at Ctrl-C", async () => {
    await using repl = await atPrompt();
    repl.type("cat\r");
    await repl.see("cat\r\n");
    repl.type("one\r");
    await repl.see("one\r\none\r\n");
    repl.type("\x1a");
    await repl.see("[1] stopped: cat");
    await repl.see(prompt);
    repl.type(".fg\r");
    await repl.see(/\.fg\r\n\s*cat\r\n/);
    repl.type("\x03");
    await repl.see(/\[exit 130.*\] env:/);
    repl.type("yes\r");
    await repl.see("y\r\ny\r\n");
    repl.type("\x03");
    await repl.see(/\[exit 130.*\] env:/, 20_000);
  });

  test("completes commands, files and environments", async () => {
    await using repl = await atPrompt();
    writeFileSync(join(home, "only one.txt"), "");
    repl.type(".deta\t");
    await repl.see(".detach ");
    repl.type("\x15cat only\t");
    await repl.see("only\\ one.txt ");
    repl.type("\x15.use lo\t");
    await repl.see(".use local");
  });
});

describe("the REPL on the published server, from a pipe,", () => {
  test("refuses to leave a job there, and says why", async () => {
    const { code, stderr } = await piped("sleep 60 &", ".detach");
    expect(code).toBe(1);
    expect(stderr).toContain("this server keeps a session for");
    expect(stderr).toContain("and cannot be asked for more, so it would end then");
  });

  test("names the signals that the server can send", async () => {
    const { code, stderr } = await piped("sleep 60 &", ".signal STOP 1");
    expect(code).not.toBe(0);
    expect(stderr).toContain(".signal: the server can send SIGINT and SIGKILL only, not SIGSTOP");
  });

  test("works in other environments, and comes back with directory and variables", async () => {
    const { stdout } = await piped(
      "cd /usr",
      "export A=b",
      "@local echo here",
      ".use local",
      ".use env",
      "echo $PWD $A",
    );
    expect(stdout).toBe("here\n/usr b\n");
  });

  test("moves files and directories both ways", async () => {
    writeFileSync(join(home, "source"), "content\n");
    const lines = [
      ".mkdir d",
      `.put ${home}/source d/there`,
      ".cp d/there d/again",
      `.get d/again ${home}/back`,
      ".ls d",
    ];
    const { code, stdout } = await piped(...lines, ".cat d/again", ".rm -r d");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "again\nthere\ncontent\n" });
    expect(await Bun.file(join(home, "back")).text()).toBe("content\n");
  });

  test("is whole where a line prints much, and passes the last exit code on", async () => {
    const { code, stdout } = await piped("seq 200000", "sh -c 'exit 7'");
    expect(code).toBe(7);
    expect(stdout.length).toBe(1_288_895);
  });
});
