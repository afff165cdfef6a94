import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { TerminalProgram } from "../../support/terminal-program.ts";

const main = resolve(import.meta.dir, "../../../cli/main.ts");
let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "codex-env-repl-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function start(args: readonly string[] = [], env: Record<string, string> = {}): TerminalProgram {
  return new TerminalProgram([process.execPath, main, "connect", ...args], {
    cwd: home,
    env: { HOME: home, XDG_STATE_HOME: join(home, "state"), CODEX_EXEC_SERVER_URL: "", ...env },
  });
}

const prompt = /env:[^>]*> /;

describe("the REPL at a terminal", () => {
  test("a line has a PTY, and directory, variables and exit code last", async () => {
    await using repl = start();
    await repl.see(prompt);
    repl.type("tty && cd /usr && export NAME=value\r");
    await repl.see(/\/dev\/pts\/\d+/);
    await repl.see("env:/usr> ");
    repl.type("echo $NAME-$PWD; exit 3\r");
    await repl.see("value-/usr");
    await repl.see(/\[exit 3.*\] env:\/usr> /);
    repl.type("echo last=$?\r");
    await repl.see("last=3");
    await repl.see(prompt);
    repl.type("\x04");
    expect(await repl.exitCode()).toBe(0);
  });
});
