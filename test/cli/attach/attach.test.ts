import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { ExitCode } from "../../../cli/exit-codes.ts";
import { ourCli } from "../../support/our-cli.ts";
import { TerminalProgram } from "../../support/terminal-program.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { until } from "../../support/wait.ts";
import { LeftJobs, written } from "./left-jobs.ts";

let server: TestServer;
let jobs: LeftJobs;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => await server[Symbol.asyncDispose]());
beforeEach(() => {
  jobs = new LeftJobs(server.url);
});
afterEach(() => jobs[Symbol.dispose]());

describe("a job that was left with .detach", () => {
  test("goes on, and attach goes on where its output stopped and passes its exit code on", async () => {
    const left = await jobs.leaveOne();
    expect(left.stdout).toMatch(/^(first\n)?[0-9a-f]{8}\nhere still\n$/);
    expect(left.stderr).toContain("goes on for up to 24 hours");
    const id = left.stdout.split("\n").at(-3) ?? "";
    jobs.go();
    const attached = await jobs.run(["attach", id]);
    expect([attached.code, attached.stderr, ...written(left, attached)]).toEqual([7, "", "first", "second"]);
    expect(jobs.entries()).toEqual([]);
    expect((await jobs.run(["attach", id])).code).toBe(ExitCode.usage);
  });

  test("is found in status, and without its id where it is the only one", async () => {
    const left = await jobs.leaveOne();
    const { sessions, environments } = JSON.parse((await jobs.run(["status", "--json"])).stdout);
    expect(environments.map(({ name }: { name: string }) => name)).toEqual(["box", "local", "stdio"]);
    expect(sessions).toMatchObject([
      {
        environment: "box",
        openedBy: "connect",
        pid: null,
        processes: [{ line: jobs.waiting(), tty: false }],
      },
    ]);
    expect(sessions[0].expiresAtMs).toBeGreaterThan(Date.now() + 86_000_000);
    expect((await jobs.run(["status"])).stdout).toMatch(
      /[0-9a-f]{8} +box +left, kept for \d+h\d+m more .* sh -c/,
    );
    jobs.go();
    expect(written(left, await jobs.run(["attach"]))).toEqual(["first", "second"]);
  });

  test("is left again by SIGTERM, and nothing of its output is lost or told twice", async () => {
    const left = await jobs.leaveOne();
    const child = Bun.spawn(ourCli(["attach"]), {
      env: { ...process.env, ...jobs.env },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    expect(await until(() => jobs.entries().some((text) => text.includes('"command":"attach"')), 3_000)).toBe(
      true,
    );
    const refused = await jobs.run(["attach"]);
    expect([refused.code, refused.stderr]).toEqual([
      ExitCode.usage,
      expect.stringContaining("there is none to go back to, and .detach in codex-env connect leaves one"),
    ]);
    child.kill("SIGTERM");
    expect(await child.exited).toBe(143);
    const between = { stdout: await child.stdout.text() };
    expect(await child.stderr.text()).toContain("left running");
    jobs.go();
    const last = await jobs.run(["attach"]);
    expect([last.code, ...written(left, between, last)]).toEqual([7, "first", "second"]);
  });

  test("takes the others of its session along", async () => {
    const left = await jobs.connect(
      `${jobs.waiting("one")} &\n${jobs.waiting("two")} &\n${jobs.begun("one")}${jobs.begun("two")}.detach 1\n.jobs\n`,
    );
    expect(left.stderr).toContain("[2] goes along, since it runs in the same session: sh -c");
    const first = left.stdout.trim().split("\n").at(-1) ?? "";
    const unnamed = await jobs.run(["attach"]);
    expect(unnamed.code).toBe(ExitCode.usage);
    expect(unnamed.stderr).toContain(`so name one: ${first} (sh -c`);
    jobs.go("one");
    const one = await jobs.run(["attach", first]);
    jobs.go("two");
    const two = await jobs.run(["attach"]);
    expect([one.code, two.code]).toEqual([7, 7]);
    expect(written(left, one, two).toSorted()).toEqual(["first", "first", "second", "second"]);
    expect(jobs.entries()).toEqual([]);
  });

  test("that is over with its server is said to be, and forgotten, once another server is there", async () => {
    const brief = await startTestServer();
    await jobs.connect(`${jobs.waiting()} &\n.detach\n`, [brief.url]);
    await brief[Symbol.asyncDispose]();
    await using again = await startTestServer({ listen: brief.url });
    expect(await jobs.run(["attach"])).toMatchObject({
      code: ExitCode.linkLost,
      stderr: expect.stringContaining("is over"),
    });
    expect(jobs.entries()).toEqual([]);
    expect(again.url).toBe(brief.url);
  });
});

test("an environment that is another machine by now is not asked for what was left on the old one", async () => {
  const left = await jobs.leaveOne();
  const file = jobs.environmentsFile;
  const before = readFileSync(file, "utf8");
  await using other = await startTestServer();
  writeFileSync(file, before.replace(server.url, other.url));
  expect(await jobs.run(["attach"])).toMatchObject({
    code: ExitCode.notConnected,
    stderr: expect.stringContaining(`it is at ${other.url} by now, no longer at ${server.url}`),
  });
  writeFileSync(file, before);
  jobs.go();
  expect(written(left, await jobs.run(["attach"]))).toEqual(["first", "second"]);
});

test("a job is not left where it would end", async () => {
  const local = await jobs.connect("sleep 9 &\n.detach\n.kill\n", ["local"]);
  expect([local.code, local.stderr]).toEqual([
    0,
    expect.stringContaining("in a server that ends with this program"),
  ]);
  const stdio = await jobs.connect("sleep 9 &\n.detach\n", ["stdio"]);
  expect([stdio.code, stdio.stderr]).toEqual([
    1,
    expect.stringContaining("would end with this connection to stdio"),
  ]);
  expect(jobs.entries()).toEqual([]);
});

test("a program on a terminal is gone back to with its keys, and left with Ctrl-]", async () => {
  await using repl = new TerminalProgram(ourCli(["connect"]), { cwd: jobs.home, env: jobs.env });
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
    await using first = new TerminalProgram(ourCli(["attach"]), { cwd: jobs.home, env: jobs.env });
    first.type("two\r");
    await first.see("got two\r\n");
    first.type("\x1d");
    await first.see("left running");
    expect(await first.exitCode()).toBe(0);
  }
  await using second = new TerminalProgram(ourCli(["attach"]), { cwd: jobs.home, env: jobs.env });
  second.type("three\r");
  await second.see("got three\r\n");
  expect(second.seen).not.toContain("two");
  second.type("\x04");
  expect(await second.exitCode()).toBe(5);
  expect(jobs.entries().join("")).not.toContain("while read");
});
