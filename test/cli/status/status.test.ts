import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ourCli, runCli } from "../../support/our-cli.ts";
import { TerminalProgram } from "../../support/terminal-program.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "codex-env-status-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const env = () => ({ CODEX_HOME: home, XDG_STATE_HOME: home, CODEX_EXEC_SERVER_URL: "" });
const status = (...words: string[]) => runCli(["status", ...words], { env: env() });

test("without anything configured or open there is this machine", async () => {
  expect(await status()).toEqual({ code: 0, stdout: "*  local  this machine\n", stderr: "" });
  expect(JSON.parse((await status("--json")).stdout)).toEqual({
    environments: [{ name: "local", isDefault: true, where: "this machine" }],
    sessions: [],
  });
});

test("a REPL and its jobs are listed until they end, and say that they end with it", async () => {
  await using repl = new TerminalProgram(ourCli(["connect"]), { cwd: home, env: env() });
  await repl.see(/local:[^>]*> /);
  expect((await status()).stdout).toMatch(
    new RegExp(`\n- +local +held by connect \\(process ${repl.pid}\\) +[\\d.]+s +-\n`),
  );
  repl.type("sleep 60 &\r");
  await repl.see("[1] sleep 60");
  const { sessions } = JSON.parse((await status("--json")).stdout);
  expect(sessions).toMatchObject([
    {
      environment: "local",
      openedBy: "connect",
      resumable: false,
      pid: repl.pid,
      expiresAtMs: null,
      processes: [{ line: "sleep 60", tty: false }],
    },
  ]);
  const refused = await runCli(["attach", sessions[0].processes[0].processId], { env: env() });
  expect(refused.stderr).toContain(
    `in the hands of codex-env connect (process ${repl.pid}), and ends with it`,
  );
  repl.type(".kill\r");
  await repl.see("killed");
  repl.type(".quit\r");
  await repl.exitCode();
  expect((await status()).stdout).toBe("*  local  this machine\n");
});

test("a file that is wrong is told, and what is open is listed nevertheless", async () => {
  writeFileSync(join(home, "environments.toml"), "default = 1\n");
  const { code, stdout, stderr } = await status("--json");
  expect([code, JSON.parse(stdout)]).toEqual([1, { environments: [], sessions: [] }]);
  expect(stderr).toContain("line 1, column 1 of environments.toml");
});
