import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { ExitCode } from "../../../cli/exit-codes.ts";
import { CuttingProxy } from "../../support/cutting-proxy.ts";
import { ourCli, runCli } from "../../support/our-cli.ts";
import { isAlive } from "../../support/process-state.ts";
import { TerminalProgram } from "../../support/terminal-program.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => await server[Symbol.asyncDispose]());

const exec = (...words: string[]) => ["exec", "--url", server.url, ...words];

describe("codex-env exec", () => {
  test("stdout, stderr and exit code come through, apart", async () => {
    const run = await runCli(exec("--", "sh", "-c", "echo out; echo err >&2; exit 7"));
    expect(run).toEqual({ code: 7, stdout: "out\n", stderr: "err\n" });
  });

  test("stdin is passed on to its end, whatever its bytes", async () => {
    const input = crypto.getRandomValues(new Uint8Array(65_536 * 3 + 1).fill(0).subarray(0, 65_536));
    const run = await runCli(exec("--", "sha256sum"), { stdin: input });
    expect(run.stdout.slice(0, 64)).toBe(new Bun.CryptoHasher("sha256").update(input).digest("hex"));
  });

  test("a megabyte each way arrives whole", async () => {
    const input = Array.from({ length: 150_000 }, (_, index) => `line ${index}\n`).join("");
    const run = await runCli(exec("--", "cat"), { stdin: input });
    expect(run.stdout === input).toBe(true);
    expect(run.code).toBe(0);
  });

  test("--cwd and --env reach the command", async () => {
    const run = await runCli(exec("--cwd", "/usr", "--env", "A=b=c", "--", "sh", "-c", "pwd; echo $A"));
    expect(run.stdout).toBe("/usr\nb=c\n");
  });

  test("without a URL it runs here, in a server that ends with it", async () => {
    const run = await runCli(["exec", "--", "sh", "-c", "sleep 300 & echo $!; exit 4"]);
    expect(run.code).toBe(4);
    expect(isAlive(run.stdout.trim())).toBe(false);
  });

  test("the token in CODEX_ENV_TOKEN is not seen by a command that runs here", async () => {
    const run = await runCli(["exec", "--", "env"], { env: { CODEX_ENV_TOKEN: "hush-hush" } });
    expect(run.stdout).not.toContain("hush-hush");
  });

  test("death by a signal is 128 + n", async () => {
    expect((await runCli(exec("--", "sh", "-c", "kill -9 $$"))).code).toBe(137);
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const)(
    "%s is forwarded",
    async (name) => {
      const script = `trap 'echo got; exit 9' ${name.slice(3)}; echo ready; while :; do sleep 0.05; done`;
      const child = Bun.spawn(ourCli(exec("--", "sh", "-c", script)), {
        stdin: "ignore",
        stdout: "pipe",
        stderr: "ignore",
      });
      const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
      expect((await reader.read()).value).toBe("ready\n");
      child.kill(name);
      expect((await reader.read()).value).toBe("got\n");
      expect(await child.exited).toBe(9);
    },
  );

  test("a reader that goes away ends the command as a broken pipe does", async () => {
    const child = Bun.spawn(ourCli(exec("--", "yes")), { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
    const reader = child.stdout.getReader();
    await reader.read();
    await reader.cancel();
    expect(await child.exited).toBe(141);
  });

  test("output that cannot be written is told, and the command ended", async () => {
    const full = Bun.file("/dev/full");
    const child = Bun.spawn(ourCli(exec("--", "yes")), { stdin: "ignore", stdout: full, stderr: "pipe" });
    expect(await child.stderr.text()).toContain("the output cannot be written: ENOSPC");
    expect(await child.exited).toBe(ExitCode.exitUnknown);
  });

  test.each([
    ["a program that is not there", ["--cwd", "/usr", "--", "no-such-program"], "no-such-program", "/usr"],
    ["a directory that is not there", ["--cwd", "/no/such", "--", "true"], "true", "/no/such"],
  ])("%s is refused with a sentence that names program and directory", async (_, words, program, where) => {
    const run = await runCli(exec(...words));
    expect(run.code).toBe(ExitCode.startRefused);
    expect(run.stderr).toBe(
      `codex-env exec: ${program} was not started in ${where}: No such file or directory (os error 2)\n`,
    );
  });

  test("control characters in an error of the server are spelled out", async () => {
    const run = await runCli(exec("--tty", "--", "\u001b]0;title\u0007"));
    expect(run.code).toBe(ExitCode.startRefused);
    expect(run.stderr).not.toContain("\u001b");
  });

  test("nothing listening, disabled environments and bad usage have codes of their own", async () => {
    expect((await runCli(["exec", "--url", "ws://127.0.0.1:1", "--", "true"])).code).toBe(
      ExitCode.notConnected,
    );
    const disabled = await runCli(["exec", "--", "true"], { env: { CODEX_EXEC_SERVER_URL: " None " } });
    expect(disabled.code).toBe(ExitCode.notConnected);
    expect(disabled.stderr).toContain("disables environments");
    expect((await runCli(["exec"])).code).toBe(ExitCode.usage);
    expect((await runCli(["exec", "--url", "http://x", "--", "true"])).code).toBe(ExitCode.usage);
  });

  test("a secret in the URL is refused and not repeated", async () => {
    const run = await runCli(["exec", "--url", "ws://user:sesame@127.0.0.1:1", "--", "true"]);
    expect(run.code).toBe(ExitCode.usage);
    expect(run.stderr).not.toContain("sesame");
  });

  test("a cut link goes unnoticed in the output", async () => {
    const { hostname, port } = new URL(server.url);
    using proxy = new CuttingProxy({
      host: hostname,
      port: Number(port),
      harm: (connection) => (connection < 4 ? { kind: "cut", afterBytes: 50_000 } : { kind: "none" }),
    });
    const run = await runCli(["exec", "--url", proxy.url, "--", "sh", "-c", "seq 1 100000; exit 3"]);
    expect(run.code).toBe(3);
    expect(run.stdout).toBe(`${Array.from({ length: 100_000 }, (_, index) => index + 1).join("\n")}\n`);
    expect(run.stderr).toContain("the link was cut");
  });

  test("a server that is told to end ends the command, and both are told", async () => {
    await using ending = await startTestServer();
    const child = Bun.spawn(
      ourCli(["exec", "--url", ending.url, "--", "sh", "-c", "echo up; exec sleep 300"]),
      {
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
      },
    );
    await child.stdout.getReader().read();
    ending.signal("SIGTERM");
    expect(await child.stderr.text()).toBe(
      "codex-env exec: the server ended the command: the server was ended, and its processes with it\n",
    );
    expect(await child.exited).toBe(137);
  });

  test("a server that was killed is tried for a while that is told, and its successor ends it at once", async () => {
    const first = await startTestServer();
    const { port } = new URL(first.url);
    const child = Bun.spawn(
      ourCli(["exec", "--url", first.url, "--", "sh", "-c", "echo up; exec sleep 300"]),
      {
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
      },
    );
    await child.stdout.getReader().read();
    first.signal("SIGKILL");
    await first.exited;
    await using _second = await startTestServer({ listen: `ws://127.0.0.1:${port}` });
    const stderr = await child.stderr.text();
    expect(stderr).toContain("restoring it\n");
    expect(stderr).toContain("the session has expired on the server, and its processes with it");
    expect(await child.exited).toBe(ExitCode.linkLost);
  });

  test("--no-resume ends with a sentence when the link is cut", async () => {
    const { hostname, port } = new URL(server.url);
    using proxy = new CuttingProxy({
      host: hostname,
      port: Number(port),
      harm: () => ({ kind: "cut", afterBytes: 50_000 }),
    });
    const run = await runCli(["exec", "--url", proxy.url, "--no-resume", "--", "seq", "1", "100000"]);
    expect(run.code).toBe(ExitCode.linkLost);
    expect(run.stderr).toContain("the link was lost");
  });
});

describe("codex-env exec at a terminal", () => {
  test("the command has a terminal of our size, which follows ours", async () => {
    const script = "trap 'stty size; exit 3' WINCH; stty size; echo $TERM; while :; do sleep 0.05; done";
    await using program = new TerminalProgram(ourCli(exec("--", "sh", "-c", script)), {
      rows: 31,
      columns: 97,
    });
    await program.see("31 97\r\nxterm");
    program.resize(120, 40);
    await program.see("40 120");
    expect(await program.exitCode()).toBe(3);
  });

  test("Ctrl-C goes to the command, as every key does", async () => {
    await using program = new TerminalProgram(ourCli(exec("--", "cat")));
    program.type("go\r");
    await program.see("go\r\ngo");
    program.type("\x03");
    expect(await program.exitCode()).toBe(130);
  });

  test("the terminal is put right after the end", async () => {
    await using shell = new TerminalProgram(["/bin/sh"]);
    shell.type(
      `${ourCli(exec("--", "sh", "-c", "'stty raw -echo; exit 5'")).join(" ")}; echo code $?; stty -a\r`,
    );
    await shell.see("code 5");
    await shell.see(/\bisig icanon /);
    await shell.see(/ echo /);
  });

  test("SIGTSTP stops it and gives the terminal back; when it goes on, so does the command", async () => {
    await using shell = new TerminalProgram(["bash", "--norc"], { env: { PS1: "prompt: " } });
    shell.type(`${ourCli(exec("--", "cat")).join(" ")}\r`);
    shell.type("first\r");
    await shell.see("first\r\nfirst");
    const pid = Bun.spawnSync(["pgrep", "-P", String(shell.pid)])
      .stdout.toString()
      .trim();
    process.kill(Number(pid), "SIGTSTP");
    await shell.see("Stopped");
    shell.type("stty -a\r");
    await shell.see(/\bisig icanon /);
    shell.type("fg\r");
    await shell.see("cat\r\n");
    shell.type("second\r");
    await shell.see("second\r\nsecond");
    shell.type("\x04");
    await shell.see("prompt: ");
  });

  test("--no-tty keeps stderr apart", async () => {
    await using program = new TerminalProgram(ourCli(exec("--no-tty", "--", "sh", "-c", "tty; exit 2")));
    await program.see("not a tty");
    expect(await program.exitCode()).toBe(2);
  });
});
