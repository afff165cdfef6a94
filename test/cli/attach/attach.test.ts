import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExitCode } from "../../../cli/exit-codes.ts";
import { CuttingProxy } from "../../support/cutting-proxy.ts";
import { type CliRun, ourCli, runCli } from "../../support/our-cli.ts";
import { ourServerCommand } from "../../support/our-program.ts";
import { TerminalProgram } from "../../support/terminal-program.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { until } from "../../support/wait.ts";

let server: TestServer;
let home: string;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => await server[Symbol.asyncDispose]());
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "codex-env-attach-"));
  const [program, ...args] = [...ourServerCommand(), "--listen", "stdio", "--log-level", "error"];
  writeFileSync(
    join(home, "environments.toml"),
    `default = "box"
[[environments]]
id = "box"
url = "${server.url}"
[[environments]]
id = "stdio"
program = ${JSON.stringify(program)}
args = ${JSON.stringify(args)}
`,
  );
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const env = () => ({ CODEX_HOME: home, XDG_STATE_HOME: home, HOME: home, CODEX_EXEC_SERVER_URL: "" });
const run = (words: readonly string[], stdin?: string): Promise<CliRun> =>
  runCli(words, { env: env(), ...(stdin === undefined ? {} : { stdin }) });
const connect = (stdin: string, words: readonly string[] = []) => run(["connect", ...words], stdin);
const directory = () => join(home, "codex-env/sessions");
const entries = () => (existsSync(directory()) ? readdirSync(directory()) : []);

/** A line that writes `first`, waits for the file `go`, writes `second`, and exits with 7. */
const waiting = (name = "go") =>
  `sh -c "echo first; touch ${home}/begun-${name}; while test ! -e ${home}/${name}; do sleep 0.02; done; echo second; exit 7"`;
const go = (name = "go") => writeFileSync(join(home, name), "");
const begun = (name = "go") => `until test -e ${home}/begun-${name}; do sleep 0.02; done\n`;
const leaveOne = () => connect(`${waiting()} &\n${begun()}.detach\necho here still\n`);
/** What the job wrote. When exactly it arrives is nobody's promise; that each line is shown once is. */
const written = (...runs: readonly { readonly stdout: string }[]) =>
  runs.flatMap(({ stdout }) => stdout.split("\n").filter((line) => line === "first" || line === "second"));

describe("a job that was left with .detach", () => {
  test("goes on, and attach goes on where its output stopped and passes its exit code on", async () => {
    const left = await leaveOne();
    expect(left.stdout).toMatch(/^(first\n)?[0-9a-f]{8}\nhere still\n$/);
    expect(left.stderr).toContain("goes on for up to 24h00m");
    const id = left.stdout.split("\n").at(-3) ?? "";
    go();
    const attached = await run(["attach", id]);
    expect([attached.code, attached.stderr, ...written(left, attached)]).toEqual([7, "", "first", "second"]);
    expect(entries()).toEqual([]);
    expect((await run(["attach", id])).code).toBe(ExitCode.usage);
  });

  test("is found in status, and without its id where it is the only one", async () => {
    const left = await leaveOne();
    const { sessions, environments } = JSON.parse((await run(["status", "--json"])).stdout);
    expect(environments.map(({ name }: { name: string }) => name)).toEqual(["box", "local", "stdio"]);
    expect(sessions).toMatchObject([
      { environment: "box", openedBy: "connect", pid: null, processes: [{ line: waiting(), tty: false }] },
    ]);
    expect(sessions[0].expiresAtMs).toBeGreaterThan(Date.now() + 86_000_000);
    expect((await run(["status"])).stdout).toMatch(/[0-9a-f]{8} +box +left, kept for \d+h\d+m more .* sh -c/);
    go();
    expect(written(left, await run(["attach"]))).toEqual(["first", "second"]);
  });

  test("is left again by SIGTERM, and nothing of its output is lost or told twice", async () => {
    const left = await leaveOne();
    const child = Bun.spawn(ourCli(["attach"]), {
      env: { ...process.env, ...env() },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    expect(
      await until(() => entries().some((name) => read(name).includes('"command":"attach"')), 3_000),
    ).toBe(true);
    const refused = await run(["attach"]);
    expect([refused.code, refused.stderr]).toEqual([
      ExitCode.usage,
      expect.stringContaining("there is no process to go back to"),
    ]);
    child.kill("SIGTERM");
    expect(await child.exited).toBe(143);
    const between = { stdout: await child.stdout.text() };
    expect(await child.stderr.text()).toContain("left running");
    go();
    const last = await run(["attach"]);
    expect([last.code, ...written(left, between, last)]).toEqual([7, "first", "second"]);
  });

  test("takes the others of its session along", async () => {
    const left = await connect(
      `${waiting("one")} &\n${waiting("two")} &\n${begun("one")}${begun("two")}.detach 1\n.jobs\n`,
    );
    expect(left.stderr).toContain("[2], which runs in the same session, goes on");
    const first = left.stdout.trim().split("\n").at(-1) ?? "";
    go("one");
    const one = await run(["attach", first]);
    go("two");
    const two = await run(["attach"]);
    expect([one.code, two.code]).toEqual([7, 7]);
    expect(written(left, one, two).sort()).toEqual(["first", "first", "second", "second"]);
    expect(entries()).toEqual([]);
  });

  test("that is over with its server is said to be, and forgotten", async () => {
    const brief = await startTestServer();
    await connect(`${waiting()} &\n.detach\n`, [brief.url]);
    await brief[Symbol.asyncDispose]();
    expect((await run(["attach"])).code).toBe(ExitCode.notConnected);
    await using again = await startTestServer({ listen: brief.url });
    expect(await run(["attach"])).toMatchObject({
      code: ExitCode.linkLost,
      stderr: expect.stringContaining("is over"),
    });
    expect(entries()).toEqual([]);
    expect(again.url).toBe(brief.url);
  });
});

test("an environment that is another machine by now is not asked for what was left on the old one", async () => {
  const left = await leaveOne();
  const file = join(home, "environments.toml");
  const before = readFileSync(file, "utf8");
  await using other = await startTestServer();
  writeFileSync(file, before.replace(server.url, other.url));
  expect(await run(["attach"])).toMatchObject({
    code: ExitCode.notConnected,
    stderr: expect.stringContaining(`it is at ${other.url} by now, no longer at ${server.url}`),
  });
  writeFileSync(file, before);
  go();
  expect(written(left, await run(["attach"]))).toEqual(["first", "second"]);
});

test("a job is not left where it would end", async () => {
  const local = await connect("sleep 9 &\n.detach\n.kill\n", ["local"]);
  expect([local.code, local.stderr]).toEqual([
    0,
    expect.stringContaining("in a server that ends with this program"),
  ]);
  const stdio = await connect("sleep 9 &\n.detach\n", ["stdio"]);
  expect([stdio.code, stdio.stderr]).toEqual([
    1,
    expect.stringContaining("would end with this connection to stdio"),
  ]);
  expect(entries()).toEqual([]);
});

test("a command whose exec was killed is gone back to, from the first of its output", async () => {
  const child = Bun.spawn(
    ourCli(["exec", "--", "sh", "-c", `echo first; until test -e ${home}/go; do sleep 0.02; done; exit 7`]),
    {
      env: { ...process.env, ...env() },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "ignore",
    },
  );
  const { value } = await child.stdout.getReader().read();
  expect(new TextDecoder().decode(value)).toBe("first\n");
  expect((await run(["status"])).stdout).toContain(`held by exec (process ${child.pid})`);
  child.kill("SIGKILL");
  await child.exited;
  go();
  expect(await run(["attach"])).toMatchObject({ code: 7, stdout: "first\n" });
});

test("a job whose REPL was killed is gone back to, from the first of its output", async () => {
  const child = Bun.spawn(ourCli(["connect"]), {
    env: { ...process.env, ...env() },
    stdin: "pipe",
    stdout: "ignore",
    stderr: "ignore",
  });
  child.stdin.write(`${waiting()} &\n`);
  await child.stdin.flush();
  expect(await until(() => entries().some((name) => read(name).includes('"line"')), 4_000)).toBe(true);
  child.kill("SIGKILL");
  await child.exited;
  go();
  expect(await run(["attach"])).toMatchObject({ code: 7, stdout: "first\nsecond\n" });
});

test("a job that ended and left something running is told with its exit code, and stays to be gone back to", async () => {
  const left = await connect(`sh -c 'sleep 60 & echo $! >${home}/pid; exit 4' &\n.detach\n`);
  const id = left.stdout.trim();
  const attached = await run(["attach", id]);
  expect([attached.code, attached.stderr]).toEqual([4, expect.stringContaining("it left something running")]);
  process.kill(Number(readFileSync(join(home, "pid"), "utf8")));
  expect(await run(["attach", id])).toEqual({ code: 4, stdout: "", stderr: "" });
  expect(entries()).toEqual([]);
});

test("a command that exec gave up while the link was down is gone back to, where its output stopped", async () => {
  const { hostname, port } = new URL(server.url);
  using proxy = new CuttingProxy({ host: hostname, port: Number(port) });
  const script = `echo first; until test -e ${home}/go; do sleep 0.02; done; echo second; exit 7`;
  const child = Bun.spawn(ourCli(["exec", "--url", proxy.url, "--", "sh", "-c", script]), {
    env: { ...process.env, ...env() },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const stderr = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  await child.stdout.getReader().read();
  proxy.refuse(true);
  proxy.cutAll();
  expect((await stderr.read()).value).toContain("the link was cut");
  child.kill("SIGINT");
  expect(await child.exited).toBe(ExitCode.linkLost);
  proxy.refuse(false);
  go();
  expect(await run(["attach"])).toEqual({ code: 7, stdout: "second\n", stderr: "" });
});

test("a program on a terminal is gone back to with its keys, and left with Ctrl-]", async () => {
  await using repl = new TerminalProgram(ourCli(["connect"]), { cwd: home, env: env() });
  await repl.see(/box:[^>]*> /);
  repl.type("sh -c 'while read x; do echo got $x; done; exit 5'\r");
  await repl.see("\r\n");
  repl.type("one\r");
  await repl.see("got one\r\n");
  repl.type("\x1a");
  await repl.see(/\[1\] stopped/);
  repl.type(".detach\r");
  await repl.see(/goes back to it\r\n/);
  await repl.see(/box:[^>]*> /);

  {
    await using first = new TerminalProgram(ourCli(["attach"]), { cwd: home, env: env() });
    first.type("two\r");
    await first.see("got two\r\n");
    first.type("\x1d");
    await first.see("left running");
    expect(await first.exitCode()).toBe(0);
  }
  await using second = new TerminalProgram(ourCli(["attach"]), { cwd: home, env: env() });
  second.type("three\r");
  await second.see("got three\r\n");
  expect(second.seen).not.toContain("two");
  second.type("\x04");
  expect(await second.exitCode()).toBe(5);
  expect(entries().map(read).join("")).not.toContain("while read");
});

function read(name: string): string {
  const path = join(directory(), name);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
