import { expect, test } from "bun:test";
import { limits } from "../../../../core/limits.ts";
import { Workspace } from "../../../core/sandbox/plan/workspace.ts";
import { rootsWrite, SandboxedServer, sandboxOf } from "./sandboxed-scope.ts";

test("more connections than helpers may run are all served, and none waits until the others' helpers are old", async () => {
  using workspace = new Workspace();
  await using server = new SandboxedServer();
  const connections = Array.from({ length: limits.fsHelpers + 16 }, () => server.connect());
  const sandbox = sandboxOf(workspace.ws, rootsWrite);
  const read = () => Promise.all(connections.map((it) => it.read(`${workspace.ws}/a.txt`, sandbox)));
  expect(new Set(await read())).toEqual(new Set(["ok:inside"]));
  expect(new Set(await read())).toEqual(new Set(["ok:inside"]));
  for (const connection of connections) connection[Symbol.dispose]();
}, 60_000);
