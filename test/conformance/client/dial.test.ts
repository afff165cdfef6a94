import { beforeAll, expect, test } from "bun:test";
import { ourCli } from "../../support/our-cli.ts";
import { startTestServer } from "../../support/test-server.ts";
import { installReference } from "../install-reference.ts";
import { configure, executorEnvironment, makeRun, startExec } from "./harness.ts";
import { type Fate, type Passing, startLinkProxy } from "./link-proxy.ts";
import { startModel } from "./model.ts";
import { scripted } from "./step.ts";
import { toolSteps } from "./tool-steps.ts";

beforeAll(installReference, 120_000);

/** Cuts in the middle of output, and at starts whose answer is then lost. */
function cutOften(): (passing: Passing) => Fate {
  const seen = { outputs: 0, starts: 0 };
  return ({ direction, message }) => {
    if (direction === "to client" && message.method === "process/output")
      return ++seen.outputs % 5 === 0 ? "cut after" : "pass";
    if (direction === "to server" && message.method === "process/start")
      return ++seen.starts % 4 === 0 ? "cut after" : "pass";
    return "pass";
  };
}

test.each([
  ["over a link that holds", (): Fate => "pass", 1],
  ["over a link that is cut again and again", cutOften(), 5],
] as const)(
  "the published client uses every tool through codex-env dial, %s",
  async (_what, decide, connections) => {
    await using server = await startTestServer({ env: executorEnvironment });
    await using proxy = await startLinkProxy(server.url, decide);
    using run = makeRun();
    const turn = scripted(toolSteps, run.workspace);
    const model = startModel(turn.script);
    const program = ourCli(["dial", proxy.url]);
    const end = await startExec(run, configure(run, model.url, { program })).ended;
    model.stop();
    expect(turn.problems()).toEqual([]);
    expect(end.exitCode, end.stderr).toBe(0);
    expect(proxy.connections).toBeGreaterThanOrEqual(connections);
  },
  150_000,
);
