import { beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ourServerCommand } from "../../support/our-program.ts";
import { startTestServer } from "../../support/test-server.ts";
import { sleep } from "../../support/wait.ts";
import { installReference } from "../install-reference.ts";
import { AppServer } from "./app-server.ts";
import { configure, type Executor, executorEnvironment, makeRun } from "./harness.ts";
import { startLinkProxy } from "./link-proxy.ts";
import { applyPatch, outputText, runCommand, startModel } from "./model.ts";
import { missing, type Step, scripted, theEnd } from "./step.ts";

beforeAll(installReference, 120_000);

const command = (name: string, id: string, cmd: string, ...wants: readonly string[]): Step => ({
  name,
  turn: () => ({ calls: [runCommand(id, cmd)] }),
  check: (output) => missing(output(id), ...wants),
});

async function twoTurns(executor: Executor): Promise<void> {
  using run = makeRun();
  const turns = scripted(
    [
      command(
        "turn 1: a command",
        "t1",
        "cat executor-side.txt; echo one > state.txt; exit 3",
        "only on the executor",
        "code 3",
      ),
      {
        name: "turn 1: a patch",
        turn: () => ({ calls: [applyPatch("t1p", "*** Add File: app.txt", "+app")] }),
        check: (output) => missing(output("t1p"), "Success"),
      },
      theEnd,
      command("turn 2: the thread keeps its environment", "t2", "cat state.txt app.txt", "one\napp\n"),
      theEnd,
    ],
    run.workspace,
  );
  const model = startModel(turns.script);
  const app = await AppServer.start(configure(run, model.url, executor));
  const thread = await app.startThread({ cwd: run.workspace });
  expect(await app.turn(thread)).toBe("completed");
  expect(await app.turn(thread)).toBe("completed");
  expect(turns.problems()).toEqual([]);
  expect(readFileSync(join(run.workspace, "app.txt"), "utf8")).toBe("app\n");
  const environmentId = "remote";
  expect((await app.call("environment/info", { environmentId })).result?.shell).toBeDefined();
  expect((await app.call("environment/status", { environmentId })).result?.status).toBe("ready");
  await app.end();
  model.stop();
}

test("codex app-server keeps a thread on this server by websocket", async () => {
  await using server = await startTestServer({ env: executorEnvironment });
  await twoTurns({ url: server.url });
}, 120_000);

test("codex app-server keeps a thread on this server by stdio", async () => {
  await twoTurns({ program: [...ourServerCommand(), "--listen", "stdio"] });
}, 120_000);

/** A model that runs one command a turn; what the last one gave. */
function oneCommandModel(cmd: () => string, yieldMs = 1000) {
  let calls = 0;
  let last = "";
  const model = startModel((request) => {
    const item = request.input.at(-1);
    if (item?.type !== "function_call_output")
      return { calls: [runCommand(`k${++calls}`, cmd(), { yield_time_ms: yieldMs })] };
    last = outputText(item.output);
    return { final: "ok" };
  });
  return { model, last: () => last };
}

test("an environment added at run time is used by the threads and turns that choose it", async () => {
  await using server = await startTestServer({ env: executorEnvironment });
  await using proxy = await startLinkProxy(server.url, () => "pass");
  using run = makeRun();
  const { model, last } = oneCommandModel(() => "echo at:$(pwd)");
  const env = configure(run, model.url, { url: proxy.url });
  const app = await AppServer.start({ ...env, CODEX_EXEC_SERVER_URL: undefined });
  const starts = () => proxy.passed.filter(({ message }) => message.method === "process/start").length;
  const added = await app.call("environment/add", { environmentId: "added", execServerUrl: proxy.url });
  expect(added.error).toBeUndefined();
  const local = await app.startThread({ cwd: run.workspace });
  await app.turn(local);
  expect(starts()).toBe(0);
  const chosen = [{ environmentId: "added", cwd: run.workspace }];
  const remote = await app.startThread({ cwd: run.workspace, environments: chosen });
  await app.turn(remote);
  expect([starts(), last()]).toEqual([1, expect.stringContaining(`at:${run.workspace}`)]);
  await app.turn(remote);
  expect(starts()).toBe(2);
  await app.end();
  model.stop();
}, 120_000);

test("a long-lived client comes to a server that was away, resumes after a cut, and interrupts", async () => {
  await using server = await startTestServer({ env: executorEnvironment });
  await using proxy = await startLinkProxy(server.url, () => "pass");
  using run = makeRun();
  let cmd = "echo at:$(pwd)";
  const { model, last } = oneCommandModel(() => cmd);
  proxy.refuse(true);
  const app = await AppServer.start(configure(run, model.url, { url: proxy.url }));
  await sleep(1000);
  const thread = await app.startThread({ cwd: run.workspace });
  await app.turn(thread);
  proxy.refuse(false);
  await sleep(1500);
  for (let attempt = 0; attempt < 3 && !last().includes("at:"); attempt++) await app.turn(thread);
  expect(last()).toContain("at:");
  proxy.cutAll();
  await sleep(1000);
  cmd = "echo again";
  await app.turn(thread);
  expect(last()).toContain("again");
  cmd = "echo begin; sleep 60";
  const begun = app.next(
    ({ method, params }) => method === "item/started" && params?.item?.type === "commandExecution",
  );
  const completed = app.next(({ method }) => method === "turn/completed");
  const turn = await app.call("turn/start", { threadId: thread, input: [{ type: "text", text: "go" }] });
  await begun;
  await sleep(300);
  await app.call("turn/interrupt", { threadId: thread, turnId: turn.result?.turn?.id });
  expect((await completed).params?.turn?.status).toBe("interrupted");
  await app.end();
  model.stop();
}, 120_000);
