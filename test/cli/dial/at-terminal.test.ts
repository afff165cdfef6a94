import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ourCli } from "../../support/our-cli.ts";
import { TerminalProgram } from "../../support/terminal-program.ts";

test("who types codex-env dial at a terminal is told what it is for, and Ctrl-D ends it", async () => {
  const home = mkdtempSync(join(tmpdir(), "codex-env-dial-"));
  try {
    const env = { CODEX_HOME: home, HOME: home, CODEX_EXEC_SERVER_URL: "" };
    await using dial = new TerminalProgram(ourCli(["dial", "local"]), { cwd: home, env });
    await dial.see("codex-env dial: programs speak here, in JSON, one message a line; Ctrl-D ends it\r\n");
    dial.type("\x04");
    expect(await dial.exitCode()).toBe(0);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
