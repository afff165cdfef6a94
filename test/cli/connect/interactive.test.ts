import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExitCode } from "../../../cli/exit-codes.ts";
import { CuttingProxy } from "../../support/cutting-proxy.ts";
import { ourCli } from "../../support/our-cli.ts";
import { isAlive } from "../../support/process-state.ts";
import { TerminalProgram } from "../../support/terminal-program.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { until } from "../../support/wait.ts";

let home: string;
let server: TestServer;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "codex-env-repl-"));
  server = await startTestServer({ cwd: home, env: { HOME: home, TMPDIR: home } });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(home, { recursive: true, force: true });
});

function start(args: readonly string[] = [server.url]): TerminalProgram {
  return new TerminalProgram(ourCli(["connect", ...args]), {
    cwd: home,
    env: { HOME: home, XDG_STATE_HOME: join(home, "state"), CODEX_EXEC_SERVER_URL: "" },
  });
}

const prompt = /env:[^>]*> /;

describe("the REPL at a terminal", () => {
  test("a line has a PTY, and directory, variables and exit code last", async () => {
    await using repl = start([]);
    await repl.see(/local:[^>]*> /);
    repl.type("tty && cd /usr && export NAME=value\r");
    await repl.see(/\/dev\/pts\/\d+/);
    await repl.see("local:/usr> ");
    repl.type("echo $NAME-$PWD; exit 3\r");
    await repl.see("value-/usr");
    await repl.see(/\[exit 3.*\] local:\/usr> /);
    repl.type("echo last=$?\r");
    await repl.see("last=3");
    await repl.see(/local:[^>]*> /);
    repl.type("\x04");
    expect(await repl.exitCode()).toBe(0);
  });

  test("Ctrl-C interrupts the program and ends its line, not the REPL", async () => {
    await using repl = start();
    await repl.see(prompt);
    // cat shows that it runs. A shell that has just printed something may swallow an interrupt, on any terminal.
    repl.type("cd /usr; cat; echo after\r");
    await repl.see("echo after\r\n");
    repl.type("go\r");
    await repl.see("go\r\ngo");
    repl.type("\x03");
    await repl.see(/\[exit 130.*\] env:\/usr> /);
    expect(repl.seen).not.toContain("\nafter");
    repl.type("half a li\x03");
    await repl.see(prompt);
    repl.type("echo fine\r");
    await repl.see(/\nfine/);
  });

  test("Ctrl-D ends the input of a program", async () => {
    await using repl = start();
    await repl.see(prompt);
    repl.type("cat; echo done\r");
    await repl.see("echo done\r\n");
    repl.type("typed\r\x04");
    await repl.see("typed\r\ntyped\r\ndone");
  });

  test("Ctrl-Z stops a program, .jobs lists it, .fg brings it back and its exit code counts", async () => {
    await using repl = start();
    await repl.see(prompt);
    repl.type("sh -c 'echo begun; read line; echo got $line; exit 9'\r");
    await repl.see(/\nbegun/);
    repl.type("\x1a");
    await repl.see("[1] stopped: sh -c");
    await repl.see(/\[exit 148.*\] env:/);
    repl.type(".jobs\r");
    await repl.see(/\[1\] {2}stopped/);
    await repl.see(prompt);
    repl.type(".fg\r");
    await repl.see(/echo begun.*\r\n/);
    repl.type("words\r");
    await repl.see("got words");
    await repl.see(/\[exit 9.*\] env:/);
  });

  test("a full-screen program gets every byte as it is, and a new size", async () => {
    const script = join(home, "screen.py");
    writeFileSync(
      script,
      [
        "import os, signal, sys, termios, tty",
        "before = termios.tcgetattr(0); tty.setraw(0)",
        "signal.signal(signal.SIGWINCH, lambda *_: os.write(1, b'<%d %d>' % tuple(os.get_terminal_size())))",
        "os.write(1, b'\\x1b[?1049hready')",
        "while True:",
        "    key = os.read(0, 1)",
        "    os.write(1, key.hex().encode() + b'.\\n.')",
        "    if key == b'q': break",
        "os.write(1, b'\\x1b[?1049l'); termios.tcsetattr(0, termios.TCSADRAIN, before)",
      ].join("\n"),
    );
    await using repl = start();
    await repl.see(prompt);
    repl.type(`python3 ${script}\r`);
    await repl.see("\x1b[?1049hready");
    repl.type("\x03");
    // A bare line feed stays one: our own terminal does not turn it into CR LF.
    await repl.see("03.\n.");
    repl.resize(111, 33);
    await repl.see("<111 33>");
    repl.type("\x1b[A");
    await repl.see("1b.\n.5b.\n.41.\n.");
    repl.type("q");
    await repl.see(prompt);
  });

  test("what is typed ahead is not lost when the program did not read it", async () => {
    await using repl = start();
    await repl.see(prompt);
    repl.type("echo begun; sleep 1\r");
    await repl.see(/\nbegun/);
    repl.type("echo ahead=$((40 + 2))\recho half");
    await repl.see("ahead=42");
    await repl.see(prompt);
    await repl.see("echo half");
    repl.type(" whole\r");
    await repl.see(/\nhalf whole/);
  });

  test("output without a line end is not overwritten by the prompt", async () => {
    await using repl = start();
    await repl.see(prompt);
    repl.type("printf abc\r");
    await repl.see(/\r\nabc\r?\n.*env:/);
  });

  test("lines that are not finished go on", async () => {
    await using repl = start();
    await repl.see(prompt);
    repl.type("echo 'one\r");
    await repl.see("> ");
    repl.type("two'\r");
    await repl.see("one\r\ntwo\r\n");
    await repl.see(prompt);
    repl.type("cat <<E\r");
    await repl.see("> ");
    repl.type("inside\rE\r");
    await repl.see(/\ninside/);
    await repl.see(prompt);
    repl.type("for x in 1 2; do\r");
    await repl.see("> ");
    repl.type("echo item $x\rdone\r");
    await repl.see(/\nitem 1\r\nitem 2/);
  });

  test("Tab completes dot-commands, remote programs and remote paths", async () => {
    writeFileSync(join(home, "unmistakable name"), "");
    await using repl = start();
    await repl.see(prompt);
    repl.type(".reco");
    await repl.see(".reco");
    repl.type("\t");
    await repl.see("nnect ");
    repl.type("\x15cat unmis");
    await repl.see("cat unmis");
    repl.type("\t");
    await repl.see("takable\\ name ");
    repl.type("\x15sha256s");
    await repl.see("sha256s");
    repl.type("\t");
    await repl.see("um ");
  });

  test("history lasts over runs, for its owner only", async () => {
    {
      await using repl = start();
      await repl.see(prompt);
      repl.type("echo remembered\r");
      await repl.see(/\nremembered/);
      await repl.see(prompt);
      repl.type(".quit 6\r");
      expect(await repl.exitCode()).toBe(6);
    }
    await using again = start();
    await again.see(prompt);
    again.type("\x1b[A\x1b[A");
    await again.see("echo remembered");
    const file = join(home, "state/codex-env/history");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, "utf8")).toContain("echo remembered\n");
  });

  test("a job tells of its end at the next prompt", async () => {
    await using repl = start();
    await repl.see(prompt);
    repl.type("sleep 0.1; exit 4 &\r");
    await repl.see("[1] sleep 0.1; exit 4");
    await repl.see(prompt);
    const ended = "[1] exit 4: sleep 0.1";
    for (let prompts = 0; prompts < 100 && !repl.seen.includes(ended); prompts++) {
      repl.type("sleep 0.1\r");
      await repl.see(/sleep 0\.1\r\n/);
      await repl.see(prompt);
    }
    expect(repl.seen).toContain(ended);
  }, 20_000);

  test("with .pty off stderr stays apart and Ctrl-C still interrupts", async () => {
    await using repl = start();
    await repl.see(prompt);
    repl.type(".pty off\r");
    await repl.see(prompt);
    repl.type("tty\r");
    await repl.see("not a tty");
    await repl.see(prompt);
    writeFileSync(join(home, "followed"), "following\n");
    repl.type(`tail -f ${join(home, "followed")}\r`);
    await repl.see("\nfollowing");
    repl.type("\x03");
    await repl.see(/\[exit 130/);
  });

  test("a cut link is told, and the program goes on where it was", async () => {
    const { hostname, port } = new URL(server.url);
    using proxy = new CuttingProxy({ host: hostname, port: Number(port) });
    await using repl = start([proxy.url]);
    await repl.see(prompt);
    repl.type("cat\r");
    await repl.see("cat\r\n");
    proxy.cutAll();
    await repl.see("the link was cut");
    await repl.see("the link is back");
    repl.type("still here\r");
    await repl.see("still here\r\nstill here");
    repl.type("\x04");
    await repl.see(prompt);
    proxy.cutAll();
    await repl.see("the link is back");
    repl.type("echo fine\r");
    await repl.see(/\nfine/);
  });

  test("a session that is lost can be followed by another, with directory and variables kept", async () => {
    await using brief = await startTestServer({ flags: ["--session-ttl", "1"], cwd: home });
    const { hostname, port } = new URL(brief.url);
    using proxy = new CuttingProxy({ host: hostname, port: Number(port) });
    await using repl = start(["--session-ttl", "1", proxy.url]);
    await repl.see(prompt);
    repl.type("cd /usr; export KEPT=yes\r");
    await repl.see("env:/usr> ");
    const pidFile = join(home, "job");
    repl.type(`echo $$ > ${pidFile}.new; mv ${pidFile}.new ${pidFile}; exec sleep 1000 &\r`);
    expect(await until(() => existsSync(pidFile), 10_000)).toBe(true);
    const job = readFileSync(pidFile, "utf8").trim();
    expect(isAlive(job)).toBe(true);
    proxy.refuse(true);
    proxy.cutAll();
    await repl.see("the link was cut");
    // The session is forgotten before what it started is ended.
    expect(await until(() => !isAlive(job), 10_000)).toBe(true);
    proxy.refuse(false);
    await repl.see("the session is lost: the session has expired");
    repl.type("echo not run\r");
    await repl.see(/\[no link · exit 123.*\]/);
    repl.type(".reconnect\r");
    await repl.see("a new session is open");
    repl.type("echo $KEPT in $PWD; exit 0\r");
    await repl.see("yes in /usr");
    await repl.see(prompt);
    repl.type(".sessions --json\r");
    await repl.see(/"state": "lost".*"state": "ready"/s);
  }, 30_000);

  test("with --no-resume a cut link ends it with a sentence, and the terminal is put right", async () => {
    const { hostname, port } = new URL(server.url);
    using proxy = new CuttingProxy({ host: hostname, port: Number(port) });
    await using shell = new TerminalProgram(["/bin/sh"], { cwd: home, env: { XDG_STATE_HOME: home } });
    shell.type(`${ourCli(["connect", "--no-resume", proxy.url]).join(" ")}; echo "code $?"; stty -a\r`);
    await shell.see(prompt);
    proxy.cutAll();
    await shell.see("the session is lost");
    await shell.see(`code ${ExitCode.linkLost}`);
    await shell.see(/\bisig icanon /);
  });

  test("SIGTERM ends it, puts the terminal right and leaves nothing running", async () => {
    await using shell = new TerminalProgram(["/bin/sh"], { cwd: home, env: { XDG_STATE_HOME: home } });
    shell.type(`${ourCli(["connect", server.url]).join(" ")}; echo "code $?"; stty -a\r`);
    await shell.see(prompt);
    shell.type("echo line $$ $PPID; sleep 100\r");
    const [, pid] = await shell.see(/\nline (\d+) \d+/);
    const repl = Bun.spawnSync(["pgrep", "-P", String(shell.pid)])
      .stdout.toString()
      .trim();
    process.kill(Number(repl), "SIGTERM");
    await shell.see("code 143");
    await shell.see(/\bisig icanon /);
    expect(await until(() => !isAlive(pid ?? ""), 2_000)).toBe(true);
  });
});
