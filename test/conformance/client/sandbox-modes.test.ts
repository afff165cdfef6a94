import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { ourServerCommand } from "../../support/our-program.ts";
import { startTestServer } from "../../support/test-server.ts";
import { until } from "../../support/wait.ts";
import { installReference } from "../install-reference.ts";
import { AppServer } from "./app-server.ts";
import {
  type ClientRun,
  configure,
  type Executor,
  executorEnvironment,
  makeRun,
  type SandboxMode,
  startExec,
} from "./harness.ts";
import { applyPatch, runCommand, startModel } from "./model.ts";
import { missing, type Step, scripted, theEnd } from "./step.ts";

beforeAll(installReference, 120_000);

/** Neither the workspace nor a temporary directory of anybody. */
const outside = mkdtempSync("/var/tmp/codex-client-outside-");
afterAll(() => rmSync(outside, { recursive: true, force: true }));

const onTerminal = (name: string, id: string, cmd: string, ...wants: readonly string[]): Step => ({
  name,
  turn: () => ({ calls: [runCommand(id, cmd, { tty: true, yield_time_ms: 3000 })] }),
  check: (output) => missing(output(id), ...wants),
});

const command = (name: string, id: string, cmd: string, ...wants: readonly string[]): Step => ({
  name,
  turn: () => ({ calls: [runCommand(id, cmd)] }),
  check: (output) => missing(output(id), ...wants),
});

const patch = (name: string, id: string, lines: readonly string[], ...wants: readonly string[]): Step => ({
  name,
  turn: () => ({ calls: [applyPatch(id, ...lines)] }),
  check: (output) => missing(output(id), ...wants),
});

const reading = (id: string): readonly Step[] => [
  command("the workspace is read", `${id}r`, "cat executor-side.txt", "only on the executor", "code 0"),
  command("the machine is read", `${id}m`, "head -c 4 /etc/passwd; ls / | grep usr", "root", "usr", "code 0"),
  command("no write outside", `${id}o`, `echo x > ${outside}/n; echo $?`, "Read-only file system", "2"),
  command("no network", `${id}n`, "exec 3<>/dev/tcp/127.0.0.1/1; echo $?", "not permitted"),
  onTerminal(
    "a terminal is sandboxed as well",
    `${id}t`,
    `test -t 1 && echo tty; echo x > ${outside}/n`,
    "tty",
    "Read-only",
  ),
];

const readOnlySteps: readonly Step[] = [
  ...reading("a"),
  command("no write in the workspace", "aw", "echo x > n.txt; echo $?", "Read-only file system"),
  patch("a patch is refused", "ap", ["*** Add File: patched.txt", "+no"], "read-only"),
  theEnd,
];

const workspaceWriteSteps: readonly Step[] = [
  ...reading("b"),
  command("the workspace is written", "bw", "echo written > n.txt && cat n.txt", "written", "code 0"),
  command(
    "/tmp is written",
    "bt",
    "d=$(mktemp -d /tmp/codex-client-XXXXXX) && echo x > $d/f && rm -r $d && echo ok",
    "ok",
  ),
  command("no write in .git", "bg", "echo x > .git/hook; mkdir .codex/x; ls", "Read-only file system"),
  patch(
    "a patch adds a file in a new directory",
    "bp",
    ["*** Add File: new/patched.txt", "+alpha", "+beta"],
    "Success",
  ),
  patch(
    "a patch updates and moves",
    "bq",
    ["*** Update File: new/patched.txt", "*** Move to: moved.txt", "@@", " alpha", "-beta", "+gamma"],
    "Success",
  ),
  patch("a patch deletes", "bd", ["*** Delete File: victim.txt"], "Success"),
  command("the patches are there", "bc", "cat moved.txt; test -e victim.txt || echo gone", "gamma", "gone"),
  patch("a patch outside is refused", "bo", [`*** Add File: ${outside}/patched.txt`, "+no"], "outside"),
  patch("a patch of .git is refused", "bh", ["*** Add File: .git/hook", "+no"], "rejected"),
  theEnd,
];

const denySteps: readonly Step[] = [
  ...reading("d"),
  command("a denied file is not read", "de", "cat secret.env; echo $?", "Permission denied"),
  command("the workspace is written", "dw", "echo written > n.txt && cat n.txt", "written", "code 0"),
  patch("a patch adds a file", "dp", ["*** Add File: new/patched.txt", "+alpha", "+beta"], "Success"),
  patch(
    "a patch updates and moves",
    "dq",
    ["*** Update File: new/patched.txt", "*** Move to: moved.txt", "@@", " alpha", "-beta", "+gamma"],
    "Success",
  ),
  patch(
    "a patch of a denied file is refused",
    "dn",
    ["*** Update File: secret.env", "@@", "-SECRET=1", "+x"],
    "denied",
  ),
  theEnd,
];

function makeGit({ workspace }: ClientRun): void {
  mkdirSync(join(workspace, ".git"));
  writeFileSync(join(workspace, "secret.env"), "SECRET=1\n");
}

/** What a whole run did that it should not have, in words. */
async function execRun(executor: Executor, mode: SandboxMode, steps: readonly Step[]) {
  using run = makeRun();
  makeGit(run);
  const before = readdirSync(run.workspace);
  const turn = scripted(steps, run.workspace);
  const model = startModel(turn.script);
  const end = await startExec(run, configure(run, model.url, executor, mode)).ended;
  model.stop();
  const problems = [...turn.problems()];
  if (end.exitCode !== 0) problems.push(`codex exec ended with ${end.exitCode}: ${end.stderr}`);
  if (readdirSync(outside).length > 0) problems.push("something was written outside");
  const expected = mode === "read-only" ? before : [...before, "n.txt", "new", "moved.txt"];
  const left = () => readdirSync(run.workspace).filter((name) => !expected.includes(name));
  if (!(await until(() => left().length === 0, 3000))) problems.push(`left in the workspace: ${left()}`);
  if (mode !== "read-only" && readFileSync(join(run.workspace, "moved.txt"), "utf8") !== "alpha\ngamma\n")
    problems.push("the patched file is not on disk");
  return problems;
}

describe("the published client, unchanged, in a sandbox of this server", () => {
  for (const [mode, steps] of [
    ["read-only", readOnlySteps],
    ["workspace-write", workspaceWriteSteps],
    ["deny-env", denySteps],
  ] as const) {
    test(`codex exec in ${mode} mode by websocket`, async () => {
      await using server = await startTestServer({ env: executorEnvironment });
      expect(await execRun({ url: server.url }, mode, steps)).toEqual([]);
    }, 120_000);

    test(`codex exec in ${mode} mode by stdio`, async () => {
      const program = [...ourServerCommand(), "--listen", "stdio"];
      expect(await execRun({ program }, mode, steps)).toEqual([]);
    }, 120_000);
  }

  test("codex app-server keeps a thread in each mode", async () => {
    await using server = await startTestServer({ env: executorEnvironment });
    using run = makeRun();
    makeGit(run);
    const turns = scripted([...readOnlySteps, ...workspaceWriteSteps], run.workspace);
    const model = startModel(turns.script);
    const app = await AppServer.start(configure(run, model.url, { url: server.url }, "read-only"));
    const readOnly = await app.startThread({ cwd: run.workspace });
    expect(await app.turn(readOnly)).toBe("completed");
    const writing = await app.startThread({ cwd: run.workspace, sandbox: "workspace-write" });
    expect(await app.turn(writing)).toBe("completed");
    await app.end();
    model.stop();
    expect(turns.problems()).toEqual([]);
    expect(existsSync(join(run.workspace, "patched.txt"))).toBe(false);
    expect(readFileSync(join(run.workspace, "moved.txt"), "utf8")).toBe("alpha\ngamma\n");
  }, 120_000);
});
