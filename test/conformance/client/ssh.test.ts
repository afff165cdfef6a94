import { beforeAll, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { sshd, startSshHost } from "../../targets/ssh-host.ts";
import { targetFixture } from "../../targets/target-fixture.ts";
import { installReference } from "../install-reference.ts";
import { configure, makeRun, startExec } from "./harness.ts";
import { startModel } from "./model.ts";
import { scripted } from "./step.ts";
import { toolSteps } from "./tool-steps.ts";

beforeAll(installReference, 120_000);

if (sshd === undefined) console.log("skipped: there is no sshd (Debian: openssh-server)");

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
    using run = makeRun();
    const turn = scripted(toolSteps, run.workspace);
    const model = startModel(turn.script);
    const env = configure(run, model.url, { url: "" });
    writeFileSync(
      join(run.home, "environments.toml"),
      `include_local = false\n${mine.read("environments.toml")}`,
    );
    writeFileSync(join(run.home, "codex-env.toml"), mine.read("codex-env.toml"));
    const client = startExec(run, { ...host.variables, ...env, CODEX_EXEC_SERVER_URL: undefined });
    const end = await client.ended;
    model.stop();
    expect(turn.problems()).toEqual([]);
    expect(end.exitCode, end.stderr).toBe(0);
  },
  150_000,
);
