import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExitCode } from "../../../cli/exit-codes.ts";
import { privateDirectory } from "../../../core/sandbox/launch/private-directory.ts";
import { CuttingProxy } from "../../support/cutting-proxy.ts";
import { type CliRun, ourCli, runCli } from "../../support/our-cli.ts";
import { isAlive } from "../../support/process-state.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { until } from "../../support/wait.ts";

let server: TestServer;
let dir: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "codex-env-script-"));
  server = await startTestServer({ cwd: dir, env: { TMPDIR: dir } });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true, force: true });
});

const connect = (lines: string, url = server.url): Promise<CliRun> =>
  runCli(["connect", url], { stdin: lines, cwd: dir });

describe("lines from a pipe", () => {
  test("run one after the other, stderr apart, and the last exit code is ours", async () => {
    const run = await connect("echo one\necho two >&2\nsh -c 'exit 6'");
    expect(run).toEqual({ code: 6, stdout: "one\n", stderr: "two\n" });
  });

  test.each([
    ["true; exit 3", 3],
    ["fi", 2],
    ["exec sh -c 'exit 9'", 9],
    ["kill -9 $$", 137],
    ["set -e; false; echo no", 1],
  ])("%s ends its line only, and directory and variables of before last", async (line, code) => {
    const run = await connect(`cd /usr; export A='x  y'\n${line}\necho "$? $PWD $A"\n`);
    expect(run.stdout).toBe(`${code} /usr x  y\n`);
    expect(run.code).toBe(0);
  });

  test.each(["exit 3", "trap 'echo mine' EXIT; cd /usr", "kill -INT $$"])(
    "directory and variables that a line sets last, even after %s",
    async (line) => {
      const run = await connect(`cd /usr; export A=1; unset HOME; ${line}\necho "[$PWD $A $HOME]"\n`);
      expect(run.stdout).toEndWith("[/usr 1 ]\n");
    },
  );

  test.each([
    ["exit 3", 3],
    [" exit ", 6],
    ["exit 258;", 2],
  ])("%j by itself ends them with that code, or with that of the line before", async (line, code) => {
    expect(await connect(`sh -c 'exit 6'\n${line}\necho still\n`)).toEqual({ code, stdout: "", stderr: "" });
  });

  test("a directory that is gone is named, and .cd leads out of it", async () => {
    const run = await connect("mkdir gone; cd gone\nrmdir $PWD\necho no\n.cd /\npwd\n");
    expect(run.stdout).toBe("/\n");
    expect(run.stderr).toContain(`${dir}/gone is no directory any more`);
  });

  test("values of any shape come through: newlines, quotes, non-ASCII", async () => {
    const value = "a\nb'c\"d \\ é 漢 $HOME";
    const quoted = `'${value.replaceAll("'", "'\\''")}'`;
    const run = await connect(`export V=${quoted}\nprintf '%s' "$V"\n`);
    expect(run.stdout).toBe(value);
  });

  test("a heredoc, an open quote and a backslash take the lines that follow", async () => {
    const run = await connect("cat <<E\na\n\nb\nE\necho 'c\nd'\necho e\\\nf\n");
    expect(run.stdout).toBe("a\n\nb\nc\nd\nef\n");
  });

  test("a compound command takes the lines up to its end, and `#` and heredocs within it", async () => {
    const run = await connect(
      [
        "for x in a b",
        "do # for each; (",
        "  case $x in",
        "    a) echo first ;;",
        "    *) cat <<E",
        "done",
        "E",
        "  esac",
        "done",
        "hello() {",
        '  if [ "$1" ]; then',
        "    echo hello $1",
        "  fi",
        "}; hello world",
        "(",
        "cd /; pwd",
        ")",
        "echo for if do",
      ].join("\n"),
    );
    expect(run).toEqual({ code: 0, stdout: "first\ndone\nhello world\n/\nfor if do\n", stderr: "" });
  });

  test("an input that ends within a compound command runs what there is, and the shell says what it lacks", async () => {
    const run = await connect("echo one\nif true; then\necho two\n");
    expect(run.stdout).toBe("one\n");
    expect(run.stderr).toMatch(/syntax error|fi/);
    expect(run.code).toBe(2);
  });

  test("a line gets no input of ours", async () => {
    expect((await connect("cat\necho after\n")).stdout).toBe("after\n");
  });

  test("LINE & is a job with a log of its own", async () => {
    const run = await connect("echo from job; sleep 0.2 &\n.jobs --json\nsleep 0.4\n.log 1\n.jobs --json\n");
    expect(run.stdout).toContain('"state": "running"');
    expect(run.stdout).toContain("from job\n");
    expect(run.stdout).toContain('"state": "ended"');
  });

  test("the state lies where no sandbox of the account reaches, and is gone after the line", async () => {
    const run = await connect(
      'cd /usr; echo "$__codex_env_state"\npwd; ls -d "$(dirname "$__codex_env_state")"\n',
    );
    const [first = "", cwd, place] = run.stdout.split("\n");
    expect([cwd, place]).toEqual(["/usr", join(privateDirectory().path, "lines")]);
    expect(first).toStartWith(`${place}/codex-env-`);
    expect(await until(() => !existsSync(first), 2_000)).toBe(true);
  });

  test("`. file` is the shell's, an unknown dot-command is told", async () => {
    writeFileSync(join(dir, "vars"), "export SOURCED=yes\n");
    const run = await connect(". ./vars\necho $SOURCED\n.nonsense\n");
    expect(run.stdout).toBe("yes\n");
    expect(run.stderr).toContain("there is no .nonsense");
    expect(run.code).toBe(2);
  });

  test("names the dot-command that may have been meant", async () => {
    const { code, stderr } = await connect(".quitt\n");
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        "codex-env: .quitt: there is no .quitt, did you mean .quit? .help lists what there is, and ./.quitt runs a program\n",
    });
  });
});

describe("dot-commands", () => {
  test(".cd, .mkdir, .put, .ls, .cat, .stat, .cp, .find, .get and .rm work on the environment", async () => {
    writeFileSync(join(dir, "local"), "content\n");
    const run = await connect(
      [
        ".mkdir -p work/deep",
        ".cd work",
        ".put ../local copy".replace("../local", join(dir, "local")),
        ".cp copy deep",
        ".cat deep/copy",
        ".ls",
        ".stat copy --json",
        ".find . copy",
        `.get copy ${join(dir, "back")}`,
        ".rm -r deep",
        ".ls --json",
      ].join("\n"),
    );
    expect(run.stderr).toBe("");
    expect(run.stdout).toContain("content\ncopy\ndeep/\n");
    expect(run.stdout).toContain('"size": 8');
    expect(run.stdout).toContain(`${join(dir, "work/deep/copy")}\n`);
    expect(await Bun.file(join(dir, "back")).text()).toBe("content\n");
    expect(run.stdout.trimEnd().endsWith("]")).toBe(true);
    expect(run.code).toBe(0);
  });

  test(".env sets and removes what later lines see", async () => {
    const run = await connect(".env A=1 B=two\necho $A$B\n.env -u A\necho [$A]$B\n.env --json\n");
    expect(run.stdout).toStartWith("1two\n[]two\n");
    expect(JSON.parse(run.stdout.slice(run.stdout.indexOf("{")))).toMatchObject({ B: "two" });
  });

  test(".signal and .kill reach a job", async () => {
    const run = await connect(
      [
        "trap 'echo usr1; touch told; exit 5' USR1; touch listening; while :; do sleep 0.05; done &",
        "until [ -e listening ]; do sleep 0.01; done",
        ".signal USR1",
        "until [ -e told ]; do sleep 0.01; done; sleep 0.2",
        ".log 1",
        "sleep 60 &",
        ".kill",
        ".jobs --json",
      ].join("\n"),
    );
    expect(run.stdout).toContain("usr1\n");
    expect(run.stdout).toContain('"exitCode": 5');
    expect(run.stdout).toContain('"exitCode": 137');
  });

  test("what .kill has ended is seen to have ended", async () => {
    const killing = Array.from({ length: 5 }, () => ["sleep 60 &", ".kill"]).flat();
    const run = await connect([...killing, ".jobs"].join("\n"));
    expect(run.stdout.match(/exit 137/g)).toHaveLength(5);
    expect(run.stdout).not.toContain("running");
  });

  test("without a number .log takes the newest job and .kill names those there are", async () => {
    const run = await connect(
      ["echo first &", "echo second; exit 4 &", "sleep 0.5", ".log", ".kill", "sleep 60 &", ".kill 3"].join(
        "\n",
      ),
    );
    expect(run.stdout).toBe("second\n");
    expect(run.stderr).toContain("[2] echo second; exit 4 (a job: .log 2 shows what it writes)\n");
    expect(run.stderr).toContain(".kill: no job is running; there is [1] exit 0, [2] exit 4\n");
    expect(run.stderr).toContain("[3] killed: sleep 60\n");
  });

  test(".find lists in order, and walks no further than the fixed beginning of the pattern", async () => {
    const lines = [
      "mkdir -p tree/a/deep tree/b; touch tree/b/y tree/a/x2 tree/a/x1 tree/a/deep/x3",
      ".cd tree",
    ];
    const run = await connect(
      [...lines, ".find .", ".find a/x*", ".find a/**/x*", `.find ${dir}/tree/b/*`].join("\n"),
    );
    const found = run.stdout
      .replaceAll(`${join(dir, "tree")}/`, "")
      .trimEnd()
      .split("\n");
    expect(found.slice(0, 7)).toEqual(["a/", "a/deep/", "a/deep/x3", "a/x1", "a/x2", "b/", "b/y"]);
    expect(found.slice(7)).toEqual(["a/x1", "a/x2", "a/deep/x3", "a/x1", "a/x2", "b/y"]);
    expect(run.stderr).toBe("");
  });

  test(".info, .sessions and .help list", async () => {
    const run = await connect(
      ".info --json\n.help\n.reconnect\n.sessions --json\n.quit 4\necho not reached\n",
    );
    expect(run.stdout).toContain('"executorVersion": "0.169.0"');
    expect(run.stdout).toContain(".reconnect");
    expect(run.stdout).toContain('"resumes": 1');
    expect(run.stdout).not.toContain("not reached");
    expect(run.code).toBe(4);
  });

  test.each([
    ["an embedded server", [] as string[]],
    ["--no-resume", ["--no-resume"]],
  ])(".reconnect with %s, where a cut would be the end, keeps the session", async (name, flags) => {
    const target = name === "an embedded server" ? [] : [server.url];
    const run = await runCli(["connect", ...flags, ...target], {
      stdin: "export A=kept\n.reconnect\necho $? $A\n",
      cwd: dir,
    });
    expect(run.stdout).toBe("1 kept\n");
    expect(run.stderr).toContain("it stays as it is");
    expect(run.code).toBe(0);
  });

  test("names with control characters are shown escaped", async () => {
    const run = await connect(
      "touch \"$(printf 'evil\\033[31m')\"\n.ls\n.ls --json\n.find . 'evil*'\nrm evil*\n",
    );
    expect(run.stdout).toContain("evil\\e[31m");
    expect(run.stdout).not.toContain("\u001b");
  });

  test("a wrong use names what is right", async () => {
    const run = await connect(".get\n.ls -z\n.cat 'open\n");
    expect(run.stderr).toContain("it is typed .get [-r] REMOTE [LOCAL]");
    expect(run.stderr).toContain("-z is not understood");
    expect(run.code).toBe(2);
  });
});

describe("a link that is cut under the REPL", () => {
  const proxyTo = (afterBytes: number, cuts: number) => {
    const { hostname, port } = new URL(server.url);
    return new CuttingProxy({
      host: hostname,
      port: Number(port),
      harm: (connection) => (connection < cuts ? { kind: "cut", afterBytes } : { kind: "none" }),
    });
  };

  test("is restored, and the output goes on where it stopped", async () => {
    using proxy = proxyTo(60_000, 5);
    const run = await connect("cd /usr\nseq 1 60000\necho in $PWD\n", proxy.url);
    const numbers = Array.from({ length: 60_000 }, (_, index) => `${index + 1}\n`).join("");
    expect(run.stdout).toBe(`${numbers}in /usr\n`);
    expect(run.stderr).toContain("the link was cut");
    expect(run.stderr).toContain("the link is back and the session resumed");
    expect(run.code).toBe(0);
  });

  test("with --no-resume ends the REPL with a sentence and a code", async () => {
    using proxy = proxyTo(60_000, 1);
    const run = await runCli(["connect", "--no-resume", proxy.url], { stdin: "seq 1 60000\necho no\n" });
    expect(run.code).toBe(ExitCode.linkLost);
    expect(run.stderr).toContain("the session is lost");
    expect(run.stdout).not.toContain("no\n");
  });
});

test("a reader that goes away ends the REPL as a broken pipe does", async () => {
  const child = Bun.spawn(ourCli(["connect", server.url]), {
    stdin: new Blob(["yes\necho never\n"]),
    stdout: "pipe",
    stderr: "ignore",
  });
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  expect(await child.exited).toBe(141);
});

test("output that cannot be written is told, and ends the REPL", async () => {
  const child = Bun.spawn(ourCli(["connect", server.url]), {
    stdin: new Blob(["echo one\nsleep 5\n"]),
    stdout: Bun.file("/dev/full"),
    stderr: "pipe",
  });
  expect(await child.stderr.text()).toContain("the output cannot be written: ENOSPC");
  expect(await child.exited).toBe(ExitCode.exitUnknown);
});

test("without a URL the REPL brings its own server, and nothing of it is left", async () => {
  const run = await runCli(["connect"], { stdin: "sleep 300 &\nsleep 301 & echo $!\nexit 8\n", cwd: dir });
  expect(run.code).toBe(8);
  expect(isAlive(run.stdout.trim())).toBe(false);
  expect(statSync(dir).isDirectory()).toBe(true);
});
