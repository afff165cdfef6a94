import { afterAll, beforeAll, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ourCli } from "../../support/our-cli.ts";
import { TerminalProgram } from "../../support/terminal-program.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

let home: string;
let server: TestServer;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "codex-env-long-"));
  server = await startTestServer({ cwd: home, env: { HOME: home } });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(home, { recursive: true, force: true });
});

async function atPrompt(): Promise<TerminalProgram> {
  const env = { HOME: home, XDG_STATE_HOME: home, CODEX_EXEC_SERVER_URL: "" };
  const repl = new TerminalProgram(ourCli(["connect", server.url]), { cwd: home, env, columns: 40 });
  await repl.see(/env:[^>]*> /);
  return repl;
}

/** Three rows and a bit of 40 columns, with whatever prompt. */
const long = `echo ${"a".repeat(110)} end`;

/** What draws the line anew: to the left edge of the row, and all below is cleared. */
const drawn = String.raw`\x1b\[1G\x1b\[0J[^\r]*env.* end`;

/** Presses Home; the cursor then stands in the first row. */
async function pressHome(repl: TerminalProgram): Promise<void> {
  repl.type("\x01");
  await repl.see(new RegExp(String.raw`^\x1b\[3A${drawn}\x1b\[\d+G\x1b\[3A`));
}

test("a line of several rows is drawn again from its first one, wherever the cursor goes", async () => {
  await using repl = await atPrompt();
  repl.type(long);
  await repl.see("a end");
  await pressHome(repl);
  repl.type("\x05");
  await repl.see(new RegExp(`^${drawn}`));
});

test("a window that gets another size has the line drawn again, and no prompt among what a program writes", async () => {
  await using repl = await atPrompt();
  repl.type("cat\r");
  await repl.see("cat\r\n");
  repl.type("one\r");
  await repl.see("one\r\none\r\n");
  repl.resize(50, 20);
  for (const word of ["two", "three", "four"]) {
    repl.type(`${word}\r`);
    await repl.see(new RegExp(`^${word}\r\n${word}\r\n`));
  }
  repl.type("\x04");
  await repl.see(/env:[^>]*> /);
  repl.type(long);
  await repl.see("a end");
  repl.resize(60, 20);
  await repl.see(/\x1b\[2A\x1b\[1G\x1b\[0J.*env.* end/);
});

test("what is told meanwhile stays, and the line is drawn whole below it", async () => {
  await using repl = await atPrompt();
  repl.type(long);
  await repl.see("a end");
  server.signal("SIGKILL");
  await repl.see(/the link was cut[^\r]*\r\n/);
  await repl.see(new RegExp(`^${drawn}`));
});
