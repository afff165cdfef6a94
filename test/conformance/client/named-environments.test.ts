import { beforeAll, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startTestServer } from "../../support/test-server.ts";
import { sshd, startSshHost } from "../../targets/ssh-host.ts";
import { type TargetFixture, targetFixture } from "../../targets/target-fixture.ts";
import { installReference } from "../install-reference.ts";
import { configure, executorEnvironment, makeRun, startExec } from "./harness.ts";
import { startModel } from "./model.ts";
import { scripted } from "./step.ts";
import { toolSteps } from "./tool-steps.ts";

beforeAll(installReference, 120_000);

if (sshd === undefined) console.log("skipped: there is no sshd (Debian: openssh-server)");

/** Every tool of the client once, in the environment that `env add` has written down. */
async function useEveryTool(mine: TargetFixture): Promise<void> {
  using run = makeRun();
  const turn = scripted(toolSteps, run.workspace);
  const model = startModel(turn.script);
  const env = configure(run, model.url, { url: "" });
  const environments = `include_local = false\n${mine.read("environments.toml")}`;
  writeFileSync(join(run.home, "environments.toml"), environments);
  writeFileSync(join(run.home, "codex-env.toml"), mine.read("codex-env.toml"));
  const end = await startExec(run, { ...mine.variables, ...env, CODEX_EXEC_SERVER_URL: undefined }).ended;
  model.stop();
  expect(turn.problems()).toEqual([]);
  expect(end.exitCode, end.stderr).toBe(0);
}

test("the published client uses every tool of a server that env add wrote down by its URL and token", async () => {
  const token = "0123456789abcdef0123456789abcdef";
  using mine = targetFixture({});
  const tokenFile = join(mine.home, "token");
  writeFileSync(tokenFile, token, { mode: 0o600 });
  await using server = await startTestServer({
    env: executorEnvironment,
    flags: ["--ws-auth", "capability-token", "--ws-token-file", tokenFile],
  });
  const words = ["--url", server.url, "--token-file", tokenFile, "--store-token", "--default"];
  const added = await mine.run("env", "add", "box", ...words, "--session-ttl", "60");
  expect(added.code, added.stderr).toBe(0);
  await useEveryTool(mine);
}, 150_000);

test.skipIf(sshd === undefined).each([
  ["ssh itself", "", 'program = "ssh"'],
  ["codex-env dial, since the login prints", 'echo "Welcome"; printf "no line end"', '"dial"'],
])(
  "the published client uses every tool on a machine that env add wrote down, by %s",
  async (_, login, written) => {
    // What the steps look for in the executor's environment.
    await using host = await startSshHost({ login: `export HARNESS_EXECUTOR=yes; ${login}` });
    using mine = targetFixture(host.variables);
    const words = ["--ssh", host.destination, "--default", "--jump", "gate"];
    const added = await mine.run("env", "add", "box", ...words);
    expect(added.code, added.stderr).toBe(0);
    expect(mine.read("environments.toml")).toContain(written);
    await useEveryTool(mine);
  },
  150_000,
);
