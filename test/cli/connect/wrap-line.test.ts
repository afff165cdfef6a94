import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownKeys, parseSnapshot } from "../../../cli/connect/shell-snapshot.ts";
import { stateVariable, stoppedSuffix, wrapLine } from "../../../cli/connect/wrap-line.ts";
import { TerminalProgram } from "../../support/terminal-program.ts";
import { until } from "../../support/wait.ts";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "codex-env-wrap-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const shells = ["bash", "dash", "zsh", "busybox"].flatMap((name) => {
  const path = Bun.which(name);
  return path === null ? [] : [{ name, path }];
});
let files = 0;

function run(shell: { name: string; path: string }, line: string, lastExit = 0) {
  const file = join(dir, `state-${files++}`);
  const script = wrapLine(line, { shell, tty: false, lastExit });
  const argv = shell.name === "busybox" ? [shell.path, "sh", "-c", script] : [shell.path, "-c", script];
  const env = { PATH: process.env["PATH"] ?? "", [stateVariable]: file };
  const child = Bun.spawnSync(argv, { env, cwd: "/", stdout: "pipe", stderr: "pipe" });
  const snapshot = existsSync(file) ? parseSnapshot(readFileSync(file)) : undefined;
  return {
    code: child.exitCode,
    stdout: child.stdout.toString(),
    stderr: child.stderr.toString(),
    snapshot,
    file,
  };
}

describe.each(shells)("a line in $name", (shell) => {
  test.each([
    ["cd /usr; export A=1", 0],
    ["cd /usr; export A=1; exit 3", 3],
    ["cd /usr; export A=1; set -e; false", 1],
    ["cd /usr; export A=1; kill -INT $$; sleep 1", 130],
    ["cd /usr; export A=1; trap 'true' EXIT", 0],
    ["cd /usr; export A=1 # note", 0],
    ["cd /usr; export A=1 \\", 0],
    ["cd /usr\nexport A=1\nfalse", 1],
    ["cd /usr; export A=1; export PATH=", 0],
  ])("%j leaves its directory and variables, and its exit code", (line, code) => {
    const { snapshot, ...rest } = run(shell, line);
    // Death by the signal itself is null here and 130 on the wire.
    expect(rest.code ?? 130).toBe(code);
    expect(snapshot?.cwd).toBe("/usr");
    expect(snapshot?.variables["A"]).toBe("1");
  });

  test.each(["exec true", "kill -9 $$"])("%j leaves no state, so the old one stays", (line) => {
    expect(run(shell, line).snapshot).toBeUndefined();
  });

  test("a syntax error is told for its own line and changes nothing", () => {
    const { code, stderr, snapshot } = run(shell, "cd /usr; (");
    expect(code).not.toBe(0);
    expect(stderr).not.toContain("__codex_env");
    expect(snapshot?.cwd ?? "/").toBe("/");
  });

  test("the line sees the exit code before it, no arguments, and nothing of the wrapper in its environment", () => {
    const { stdout } = run(shell, 'echo "$? $#"; env', 42);
    expect(stdout).toStartWith("42 0\n");
    expect(stdout).not.toContain(stateVariable);
  });

  test("the state file is private, and one that was put there is not written to", () => {
    const { file } = run(shell, "true");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const next = join(dir, `state-${files}`);
    const victim = join(dir, `victim-${files}`);
    writeFileSync(victim, "kept");
    symlinkSync(victim, next);
    run(shell, "cd /usr");
    expect(readFileSync(victim, "utf8")).toBe("kept");
  });
});

describe.each(shells.filter(({ name }) => name === "bash" || name === "dash"))(
  "a terminal line in $name",
  (shell) => {
    function start(line: string) {
      const file = join(dir, `state-${files++}`);
      const script = wrapLine(line, { shell, tty: true, lastExit: 0 });
      const program = new TerminalProgram([shell.path, "-c", script], {
        env: { [stateVariable]: file },
        cwd: "/",
      });
      return { program, file };
    }

    test("that is stopped says so by a file, and goes on for a line on the terminal", async () => {
      const { program, file } = start("cd /usr; cat");
      await using line = program;
      line.type("before\r");
      await line.see("before\r\nbefore");
      line.type("\x1a");
      expect(await until(() => existsSync(file + stoppedSuffix), 3_000)).toBe(true);
      expect(existsSync(file)).toBe(false);
      line.type("\n");
      expect(await until(() => !existsSync(file + stoppedSuffix), 3_000)).toBe(true);
      line.type("after\r");
      // The shell names the job that it takes up again, sometimes after the terminal has echoed the line.
      await line.see(/after\r\n(cat\r\n)?after/);
      line.type("\x04");
      expect(await line.exitCode()).toBe(0);
      expect(parseSnapshot(readFileSync(file))?.cwd).toBe("/usr");
      expect(existsSync(`${file}.jobs`)).toBe(false);
    });

    test("that is interrupted ends with 130 and leaves its state", async () => {
      const { program, file } = start("cd /usr; cat; echo not reached");
      await using line = program;
      line.type("on\r");
      await line.see("on\r\non");
      line.type("\x03");
      expect(await line.exitCode()).toBe(130);
      expect(line.seen).not.toContain("not reached");
      expect(parseSnapshot(readFileSync(file))?.cwd).toBe("/usr");
    });
  },
);

describe("type-ahead", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);

  test("that was typed comes back as it was", () => {
    expect(ownKeys("b\nc", bytes("a\rb\rc"))).toEqual(bytes("b\nc"));
    expect(ownKeys("", bytes("a"))).toEqual(bytes(""));
  });

  test.each([".get evil .bashrc\n", "a\rb", "xa\rb\rc", "b"])("that was not typed is nothing: %j", (text) => {
    expect(ownKeys(text, bytes("a\rb\rc"))).toEqual(bytes(""));
  });
});

describe("a state file", () => {
  test("that is cut short is not used", () => {
    const bytes = new TextEncoder().encode("/usr\0\0A=1\0B=2");
    expect(parseSnapshot(bytes)).toBeUndefined();
    expect(parseSnapshot(bytes.subarray(0, 10))).toEqual({
      cwd: "/usr",
      typeAhead: "",
      variables: { A: "1" },
    });
  });

  test("leaves out a variable that is not UTF-8, and is not used when the directory is not", () => {
    const variable = Buffer.concat([Buffer.from("/usr\0\0A="), Buffer.from([0xff, 0]), Buffer.from("B=2\0")]);
    expect(parseSnapshot(variable)).toEqual({ cwd: "/usr", typeAhead: "", variables: { B: "2" } });
    expect(parseSnapshot(Buffer.from([0x2f, 0xff, 0]))).toBeUndefined();
  });

  test("cannot name what every object has", () => {
    const snapshot = parseSnapshot(new TextEncoder().encode("/\0\0__proto__=x\0"));
    expect(Object.keys(snapshot?.variables ?? {})).toEqual(["__proto__"]);
  });
});
