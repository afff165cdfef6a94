import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExitCode } from "../../../cli/exit-codes.ts";
import { type CliRun, ourCli, runCli } from "../../support/our-cli.ts";
import { TerminalProgram } from "../../support/terminal-program.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { until } from "../../support/wait.ts";

let home: string;
let one: TestServer;
let two: TestServer;
beforeAll(async () => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "codex-env-places-")));
  for (const name of ["one", "two"]) mkdirSync(join(home, name));
  const start = (name: string) =>
    startTestServer({ cwd: join(home, name), env: { PLACE: name, HOME: join(home, name), TMPDIR: home } });
  [one, two] = await Promise.all([start("one"), start("two")]);
  writeFileSync(
    join(home, "environments.toml"),
    `default = "one"
[[environments]]
id = "one"
url = "${one.url}"
[[environments]]
id = "two"
url = "${two.url}"
[[environments]]
id = "dead"
url = "ws://127.0.0.1:1"
`,
  );
});
afterAll(async () => {
  await Promise.all([one[Symbol.asyncDispose](), two[Symbol.asyncDispose]()]);
  rmSync(home, { recursive: true, force: true });
});

const variables = () => ({ CODEX_HOME: home, XDG_STATE_HOME: join(home, "state"), PLACE: "here" });
const connect = (stdin: string, words: readonly string[] = []): Promise<CliRun> =>
  runCli(["connect", ...words], { stdin, env: variables() });

describe("lines run", () => {
  test("where .use went, with the directory and the variables that each environment had", async () => {
    const run = await connect(
      "cd /usr; export X=1\n.use two\necho $PLACE $PWD $X\nexport X=2\n.use one\necho $PLACE $PWD $X\n.use two\necho $X\n",
    );
    expect(run.stdout).toBe(`two ${join(home, "two")}\none /usr 1\n2\n`);
    expect(run.code).toBe(0);
  });

  test("in the environment of @NAME once, with its exit code, and so do dot-commands", async () => {
    writeFileSync(join(home, "two/only-there"), "content of two\n");
    const run = await connect(
      '@two echo $PLACE\n@two .cat only-there\n@two sh -c "exit 7"\necho $? $PLACE\n@local echo $PLACE\n@two exit 5\n',
    );
    expect(run).toMatchObject({ stdout: "two\ncontent of two\n7 one\nhere\n", code: 5 });
  });

  test("nowhere when there is no such environment, it is dead, or nothing is to run", async () => {
    const run = await connect(
      "@twoo echo a\necho $?\n@dead echo b\necho $?\n.use deed\n.use dead\necho $?\n@two\necho $PLACE\n",
    );
    expect(run.stdout).toBe(`${ExitCode.usage}\n${ExitCode.notConnected}\n${ExitCode.notConnected}\none\n`);
    expect(run.stderr).toContain('unknown environment id "twoo", did you mean two?');
    expect(run.stderr).toContain("environment `dead` is not available: cannot connect to ws://127.0.0.1:1");
    expect(run.stderr).toContain("did you mean dead?");
    expect(run.stderr).toContain("what is to run there?");
  });
});

test("jobs stay in their environment and are told with it", async () => {
  const run = await connect(
    '@two sh -c "echo $PLACE; sleep 60" &\n.jobs --json\necho $PLACE\n.kill 1\n.log 1\n',
  );
  const [jobs, rest] = run.stdout.split(/(?<=^\]\n)/m);
  expect(JSON.parse(jobs ?? "")).toMatchObject([{ job: 1, environment: "two", state: "running" }]);
  expect(rest).toStartWith("one\n");
});

test("a session that is opened anew is in the same environment, whatever the default is by then", async () => {
  const own = mkdtempSync(join(home, "own-"));
  const file = join(own, "environments.toml");
  const text = `[[environments]]\nid = "one"\nurl = "${one.url}"\n[[environments]]\nid = "two"\nurl = "${two.url}"\n`;
  writeFileSync(file, `default = "one"\n${text}`);
  writeFileSync(join(own, "other"), `default = "two"\n${text}`);
  const script = `sleep 60 &\n@local mv ${join(own, "other")} ${file}\n.detach\necho $PLACE\n.info --json\n`;
  const run = await runCli(["connect"], { stdin: script, env: { ...variables(), CODEX_HOME: own } });
  expect(run.stdout).toMatch(/^[0-9a-f]{8}\none\n\{/);
  expect(run.stdout).toContain('"environment": "one"');
  expect(
    (await runCli(["exec", "--", "sh", "-c", "echo $PLACE"], { env: { ...variables(), CODEX_HOME: own } }))
      .stdout,
  ).toBe("two\n");
});

test("whatever runs in any of them ends with the REPL", async () => {
  const pids = ["one", "two"].map((name) => join(home, `pid of ${name}`));
  const line = (name: string, index: number) => `@${name} sh -c 'echo $$ >"${pids[index]}"; sleep 60' &\n`;
  const wait = pids.map((path) => `until test -s "${path}"; do sleep 0.02; done\n`).join("");
  expect((await connect(`${line("one", 0)}${line("two", 1)}${wait}`)).code).toBe(0);
  for (const path of pids) {
    const pid = readFileSync(path, "utf8").trim();
    expect(await until(() => !existsSync(`/proc/${pid}`), 2_000)).toBe(true);
  }
});

test(".envs, .info and .sessions tell of the environments", async () => {
  const run = await connect("@two true\n.envs --json\n.use two\n.info --json\n.sessions --json\n.envs\n");
  const [envs = "", info = "", sessions = "", table = ""] = run.stdout.split(/(?<=^[\]}]\n)/m);
  expect(JSON.parse(envs)).toEqual([
    { environment: "one", default: true, current: true, link: "ready", where: one.url },
    { environment: "local", default: false, current: false, link: "unused", where: "this machine" },
    { environment: "two", default: false, current: false, link: "ready", where: two.url },
    { environment: "dead", default: false, current: false, link: "unused", where: "ws://127.0.0.1:1" },
  ]);
  expect(JSON.parse(info)).toMatchObject({ environment: "two", link: "ready" });
  expect(JSON.parse(sessions)).toMatchObject([{ environment: "one" }, { environment: "two" }]);
  const unnamed = JSON.parse((await connect(".envs --json\n", [`${two.url}/?token=hush`])).stdout);
  expect(unnamed[0]).toMatchObject({ environment: "env", current: true });
  expect(unnamed[0].where).toStartWith(two.url);
  expect(unnamed[0].where).not.toContain("hush");
  expect(table).toMatch(/^\* {2}two +ready +ws:/m);
});

test(".info says how long a session is kept, or that it ends with its connection", async () => {
  const run = await connect(".info\n@local .info\n");
  expect(run.stdout.match(/^session .*/gm)).toEqual([
    expect.stringMatching(/\(ready, kept 3600 s without a link\)$/),
    expect.stringMatching(/\(ready, ends with its connection\)$/),
  ]);
});

test("at a terminal the prompt shows the environment, and names are completed", async () => {
  await using repl = new TerminalProgram(ourCli(["connect"]), {
    cwd: home,
    env: { ...variables(), HOME: home, CODEX_EXEC_SERVER_URL: "" },
  });
  await repl.see("connected to one;");
  await repl.see(/one:[^>]*> /);
  repl.type("@tw\t");
  await repl.see("@two ");
  repl.type("echo $PLACE here\r");
  await repl.see("two here\r\n");
  await repl.see(/one:[^>]*> /);
  repl.type(".use tw\t");
  await repl.see(".use two");
  repl.type("\r");
  await repl.see(/two:[^>]*> /);
  repl.type("exit 3\r");
  expect(await repl.exitCode()).toBe(3);
});

test("an environment whose session is lost costs nothing elsewhere, and is opened anew when it is used", async () => {
  const brief = await startTestServer({ env: { PLACE: "brief" } });
  const own = mkdtempSync(join(home, "brief-"));
  writeFileSync(
    join(own, "environments.toml"),
    `default = "one"\n[[environments]]\nid = "one"\nurl = "${one.url}"\n[[environments]]\nid = "brief"\nurl = "${brief.url}"\n`,
  );
  await using repl = new TerminalProgram(ourCli(["connect"]), {
    cwd: home,
    env: { ...variables(), HOME: home, CODEX_HOME: own, CODEX_EXEC_SERVER_URL: "" },
  });
  await repl.see(/one:[^>]*> /);
  repl.type("@brief echo in $PLACE; sleep 60 &\r");
  await repl.see("[1] echo in");
  await brief[Symbol.asyncDispose]();
  await repl.see("the session of brief is lost");
  repl.type("echo still in $PLACE\r");
  await repl.see("still in one\r\n");
  repl.type(".use brief\r");
  await repl.see("environment `brief` is not available");
  await repl.see(/\[exit 122.*\] one:[^>]*> /);
  await using again = await startTestServer({ listen: brief.url, env: { PLACE: "again" } });
  repl.type(".use brief\r");
  await repl.see("a new session is open in brief");
  await repl.see(/brief:[^>]*> /);
  repl.type("echo now in $PLACE\r");
  await repl.see("now in again\r\n");
  expect(again.url).toBe(brief.url);
});
