import { beforeAll, expect, test } from "bun:test";
import { configure, makeRun, startExec } from "../conformance/client/harness.ts";
import { startModel } from "../conformance/client/model.ts";
import { type Step, scripted } from "../conformance/client/step.ts";
import { toolSteps } from "../conformance/client/tool-steps.ts";
import { startTestServer } from "../support/test-server.ts";
import { installOlderClients, olderClient, olderVersions } from "./install-clients.ts";

beforeAll(installOlderClients, 300_000);

/** 0.131.0 has no process/signal, and refuses by itself to type ^C into a command without a PTY. */
const needsSignal = ["a pipe command that waits for a signal", "^C becomes an interrupt signal"];

function stepsFor(version: string): readonly Step[] {
  return version === "0.131.0" ? toolSteps.filter(({ name }) => !needsSignal.includes(name)) : toolSteps;
}

test.each(olderVersions)(
  "the published client %s uses every tool through this server",
  async (version) => {
    await using server = await startTestServer({ env: { HARNESS_EXECUTOR: "yes", HARNESS_CLIENT: "" } });
    using run = makeRun();
    const turn = scripted(stepsFor(version), run.workspace);
    const model = startModel(turn.script);
    const client = startExec(run, configure(run, model.url, { url: server.url }), olderClient(version));
    const end = await client.ended;
    model.stop();
    expect(turn.problems()).toEqual([]);
    expect(end.exitCode, end.stderr).toBe(0);
  },
  150_000,
);
