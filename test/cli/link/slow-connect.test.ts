import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ourCli } from "../../support/our-cli.ts";
import { TerminalProgram } from "../../support/terminal-program.ts";

test("who waits at a terminal for a server that does not answer is told so, and Ctrl-C gives up", async () => {
  const home = mkdtempSync(join(tmpdir(), "codex-env-slow-"));
  using silent = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  try {
    const url = `ws://127.0.0.1:${silent.port}`;
    const env = { CODEX_HOME: home, HOME: home, XDG_STATE_HOME: home };
    await using exec = new TerminalProgram(ourCli(["exec", "--url", url, "--", "true"]), { cwd: home, env });
    await exec.see(`codex-env exec: still connecting to ${url}; Ctrl-C gives up`);
    exec.type("\x03");
    expect(await exec.exitCode()).toBe(130);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
