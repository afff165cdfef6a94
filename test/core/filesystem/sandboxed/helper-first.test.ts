import { afterAll, expect, test } from "bun:test";
import type { HelperRequest } from "../../../../core/filesystem/sandboxed/helper/operation.ts";
import { requestLine } from "../../../../core/filesystem/sandboxed/helper/request-line.ts";
import { deadlineSince } from "../../../../core/filesystem/sandboxed/pool/deadline.ts";
import { Helper } from "../../../../core/filesystem/sandboxed/pool/helper.ts";
import { HelperGone } from "../../../../core/filesystem/sandboxed/pool/helper-failure.ts";
import { createGuardedSpawner } from "../../../../core/process/local/guarded-spawner.ts";
import { decodeParams } from "../../../../core/protocol/methods.ts";
import { detectMechanism } from "../../../../core/sandbox/host/detect-mechanism.ts";
import { planSandbox } from "../../../../core/sandbox/plan/plan-sandbox.ts";
import type { SandboxPlan } from "../../../../core/sandbox/plan/sandbox-plan.ts";
import { withMinimal } from "../../../../core/sandbox/plan/with-minimal.ts";
import { resolvePolicy } from "../../../../core/sandbox/policy/resolve-policy.ts";
import { helperSpawner } from "../../../../core/server/filesystem-helpers.ts";
import { sandboxFacts } from "../../../../core/server/sandbox-facts.ts";
import { Workspace } from "../../../core/sandbox/plan/workspace.ts";
import { rootsRead, sandboxOf } from "./sandboxed-scope.ts";

const workspace = new Workspace();
const spawner = createGuardedSpawner();
afterAll(async () => {
  await spawner[Symbol.asyncDispose]();
  workspace[Symbol.dispose]();
});

function reading(name: string): HelperRequest {
  const path = `file://${workspace.ws}/${name}`;
  return { operation: "fs/readFile", params: decodeParams("fs/readFile", { path }) };
}

function planOf(): SandboxPlan {
  const params = { path: "file:///", sandbox: sandboxOf(workspace.ws, rootsRead) };
  // Sound: decodeParams checks what the test wrote, which is plain JSON.
  const { sandbox } = decodeParams("fs/readFile", params as Parameters<typeof decodeParams>[1]);
  const policy = sandbox === null ? null : resolvePolicy(sandbox, null);
  if (policy?.kind !== "managed") throw new Error("nothing is restricted");
  return planSandbox(withMinimal(policy), sandboxFacts(undefined, "/root"), "judgement");
}

const started = (ended: () => void) =>
  Helper.start(
    { plan: planOf(), first: reading("sub/deep/x.env") },
    helperSpawner(spawner, detectMechanism),
    ended,
  );
const soon = () => deadlineSince(performance.now(), 20_000);

test("a helper that is asked what it was started for answers, and then whatever else it is asked", async () => {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const helper = await started(resolve);
  for (const [name, content] of [
    ["sub/deep/x.env", "SECRET=1"],
    ["top.env", "SECRET=2"],
  ] as const) {
    const answer = await helper.request(requestLine(reading(name)), soon());
    const dataBase64 = Buffer.from(content).toString("base64");
    expect(answer).toMatchObject({ status: "ok", payload: { response: { dataBase64 } } });
  }
  helper.end();
  await ended;
});

test("a helper that is asked something else first is gone: nobody gets the answer to another's request", async () => {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const helper = await started(resolve);
  const answer = helper.request(requestLine(reading("top.env")), soon());
  await expect(answer).rejects.toBeInstanceOf(HelperGone);
  expect(helper.alive).toBe(false);
  await ended;
});
