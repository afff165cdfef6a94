import { beforeAll, expect, test } from "bun:test";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ourCli } from "../../support/our-cli.ts";
import { startTestServer } from "../../support/test-server.ts";
import { until } from "../../support/wait.ts";
import { sshd, startSshHost } from "../../targets/ssh-host.ts";
import { targetFixture } from "../../targets/target-fixture.ts";
import { installReference } from "../install-reference.ts";
import { configure, executorEnvironment, makeRun, startExec } from "./harness.ts";
import { type Fate, type Passing, startLinkProxy } from "./link-proxy.ts";
import { runCommand, startModel } from "./model.ts";
import { missing, type Step, scripted, theEnd } from "./step.ts";
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

const noisy = 'echo "Welcome, today"; echo "a warning" >&2; printf "no line end"';

const shell = (name: string, cmd: string, ...wants: readonly string[]): Step => ({
  name,
  turn: () => ({ calls: [runCommand(name, cmd)] }),
  check: (output) => missing(output(name), ...wants),
});

test.skipIf(sshd === undefined)(
  "the published client goes on through codex-env dial when the ssh behind it is cut, whatever its login prints",
  async () => {
    await using host = await startSshHost({ login: noisy });
    using mine = targetFixture(host.variables);
    const added = await mine.run("env", "add", "box", "--ssh", host.destination);
    expect(added.code, added.stderr).toBe(0);
    using run = makeRun();
    const started = join(run.workspace, "started");
    const steps = [
      shell("cut", `echo before; touch ${started}; sleep 60; echo never`, "before", "is lost"),
      shell("after", "echo after in $PWD", `after in ${run.workspace}`),
      theEnd,
    ];
    const turn = scripted(steps, run.workspace);
    const model = startModel(turn.script);
    const env = configure(run, model.url, { program: ["in", "mine"] });
    const toml = `default = "box"\ninclude_local = false\n${mine.read("environments.toml")}`;
    writeFileSync(join(run.home, "environments.toml"), toml);
    writeFileSync(join(run.home, "codex-env.toml"), mine.read("codex-env.toml"));
    const client = startExec(run, { ...host.variables, ...env });
    expect(await until(() => existsSync(started), 60_000)).toBe(true);
    await host.cut();
    const end = await client.ended;
    model.stop();
    expect(turn.problems()).toEqual([]);
    expect(end.exitCode, end.stderr).toBe(0);
  },
  150_000,
);
