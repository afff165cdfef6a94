import { beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ourServerCommand } from "../../support/our-program.ts";
import { startTestServer } from "../../support/test-server.ts";
import { Turnstile } from "../../support/turnstile.ts";
import { installReference } from "../install-reference.ts";
import { configure, type Executor, executorEnvironment, makeRun, startExec } from "./harness.ts";
import { linkFailures } from "./link-failures.ts";
import { type LinkProxy, startLinkProxy } from "./link-proxy.ts";
import { startModel } from "./model.ts";
import { scripted } from "./step.ts";
import { toolSteps } from "./tool-steps.ts";

beforeAll(installReference, 120_000);

/** Every tool of the client once, through this executor; what went wrong. */
async function everyTool(executor: Executor): Promise<readonly string[]> {
  using run = makeRun();
  const turn = scripted(toolSteps, run.workspace);
  const model = startModel(turn.script);
  const client = startExec(run, configure(run, model.url, executor));
  const end = await client.ended;
  model.stop();
  const problems = [...turn.problems()];
  const first = JSON.stringify(model.requests[0]?.input ?? "");
  for (const mark of ["HARNESS-AGENTS-MARK", "HARNESS-SKILL-MARK"]) {
    if (!first.includes(mark)) problems.push(`${mark} of the executor is not in the first request`);
  }
  const two = join(run.workspace, "two.txt");
  if (!existsSync(two) || readFileSync(two, "utf8") !== "alpha\ngamma\n")
    problems.push("the patched file is not on disk");
  if (end.exitCode !== 0) problems.push(`codex exec ended with ${end.exitCode}: ${end.stderr}`);
  return problems;
}

describe("the published client, unchanged, with this server as its executor", () => {
  test("uses every tool by websocket", async () => {
    await using server = await startTestServer({ env: executorEnvironment });
    expect(await everyTool({ url: server.url })).toEqual([]);
  }, 150_000);

  test("uses every tool by stdio", async () => {
    const program = [...ourServerCommand(), "--listen", "stdio"];
    expect(await everyTool({ program })).toEqual([]);
  }, 150_000);

  // They wait more than they work: four at a time.
  const turnstile = new Turnstile(4);
  for (const failure of linkFailures) {
    test.concurrent(
      `survives: ${failure.name}`,
      () =>
        turnstile.pass(async () => {
          await using server = await startTestServer({ env: executorEnvironment });
          using run = makeRun();
          const turn = scripted(failure.steps, run.workspace);
          const model = startModel(turn.script);
          let proxy: LinkProxy | undefined;
          const theProxy = (): LinkProxy => {
            if (!proxy) throw new Error("the proxy is not there yet");
            return proxy;
          };
          await using started = await startLinkProxy(server.url, failure.decide(theProxy));
          proxy = started;
          const end = await startExec(run, configure(run, model.url, { url: started.url })).ended;
          model.stop();
          expect(turn.problems()).toEqual([]);
          expect(end.exitCode, end.stderr).toBe(0);
          expect(failure.after?.(started)).toBeUndefined();
        }),
      400_000,
    );
  }
});

test("the client's ^C ends its command on the executor and the client itself", async () => {
  await using server = await startTestServer({ env: executorEnvironment });
  using run = makeRun();
  const model = startModel(() => ({
    calls: [{ kind: "function", id: "c", name: "exec_command", input: '{"cmd":"echo up; sleep 200"}' }],
  }));
  await using proxy = await startLinkProxy(server.url, ({ message }) => {
    if (message.method === "process/output") client.signal("SIGINT");
    return "pass";
  });
  const client = startExec(run, configure(run, model.url, { url: proxy.url }));
  await client.ended;
  model.stop();
  expect(proxy.passed.some(({ message }) => message.method === "process/output")).toBe(true);
}, 150_000);
