import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createGuardedSpawner } from "../../../../core/process/local/guarded-spawner.ts";
import { bundledDigests } from "../../../../core/sandbox/host/bundled-digests.ts";
import { createDetector } from "../../../../core/sandbox/host/detect-mechanism.ts";
import { localFacts } from "../../../../core/sandbox/host/local-facts.ts";
import { privateDirectory } from "../../../../core/sandbox/launch/private-directory.ts";
import { planSandbox } from "../../../../core/sandbox/plan/plan-sandbox.ts";
import { workspacePolicy } from "../workspace-policy.ts";

const machine = process.arch === "arm64" ? "arm64" : "x64";
const path = join(import.meta.dir, `../../../../core/sandbox/bubblewrap/bundled/bwrap-${machine}`);
const spawner = createGuardedSpawner();
const workspace = mkdtempSync("/var/tmp/codex-env-test-");
afterAll(async () => {
  await spawner[Symbol.asyncDispose]();
  rmSync(workspace, { recursive: true, force: true });
});

test("the bubblewrap that comes along holds a workspace as the system's does", async () => {
  const bundled = { paths: [path], digest: bundledDigests[machine] };
  const mechanism = await createDetector({ systemPaths: [], bundled }).detect();
  if (mechanism.kind !== "bubblewrap") throw new Error(mechanism.reason);
  expect(mechanism.bubblewrap.origin).toBe("bundled");
  const facts = localFacts({
    temporaryDirectory: null,
    home: null,
    privatePaths: [privateDirectory().path],
    mayBeWritten: () => false,
  });
  const plan = planSandbox(workspacePolicy(workspace), facts);
  const script =
    "echo x >made; mkdir .git/hooks; echo y >../beside; exec 3<>/dev/tcp/127.0.0.1/9; ls -A; id -u";
  const child = await spawner.spawn({
    argv: ["/bin/bash", "-c", script],
    cwd: workspace,
    env: [],
    stdio: { kind: "pipes", stdin: false },
    sandbox: { plan, mechanism },
  });
  const [output, complaints] = await Promise.all(
    child.outputs.map(async (source) => {
      const chunks: Uint8Array[] = [];
      for (let bytes = await source.read(); bytes !== null; bytes = await source.read()) chunks.push(bytes);
      return Buffer.concat(chunks).toString();
    }),
  );
  await child.treeGone;
  expect(output).toBe(`.agents\n.aws\n.codex\n.git\nmade\n${process.getuid?.()}\n`);
  expect(complaints?.match(/Read-only file system/g)?.length).toBe(2);
  expect(complaints).toContain("/dev/tcp/127.0.0.1/9: Operation not permitted");
  expect(readdirSync(workspace)).toEqual(["made"]);
});
