import { afterAll, beforeEach, expect, test } from "bun:test";
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { createGuardedSpawner } from "../../../../../core/process/local/guarded-spawner.ts";
import { until } from "../../../../support/wait.ts";
import { discard, pipedStdin, readUntil } from "../running.ts";
import { hasBubblewrap, SandboxedWorkspace } from "./fixtures/sandboxed-workspace.ts";

const spawner = createGuardedSpawner();
let workspace: SandboxedWorkspace;
beforeEach(() => {
  workspace = new SandboxedWorkspace();
});
afterAll(async () => await spawner[Symbol.asyncDispose]());

test.if(hasBubblewrap).each([
  ["a link", (path: string, other: string) => symlinkSync(other, path)],
  ["another directory", (path: string) => mkdirSync(path)],
])("placeholders to which %s was in the way at the end of their sandbox go later", async (_name, put) => {
  using _ = workspace;
  const [moved, other] = [join(workspace.base, "moved"), join(workspace.base, "other")];
  mkdirSync(join(other, ".git"), { recursive: true });
  const child = await spawner.spawn(workspace.script("echo up; read end", { stdio: pipedStdin }));
  await readUntil(child, "up");
  const names = workspace.names();
  expect(names).toContain(".git");
  renameSync(workspace.path, moved);
  put(workspace.path, other);
  child.input?.end();
  await discard(child);
  await child.treeGone;
  expect(readdirSync(moved).sort()).toEqual([...names]);
  rmSync(workspace.path, { recursive: true });
  renameSync(moved, workspace.path);
  expect(await until(() => workspace.names().length === 0, 5_000)).toBe(true);
  expect(readdirSync(other)).toEqual([".git"]);
});
