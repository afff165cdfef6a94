import { afterEach, beforeEach, expect, test } from "bun:test";
import { renameSync, symlinkSync } from "node:fs";
import {
  mayBeWritten,
  notePlacesWritten,
  placesWritten,
} from "../../../../core/sandbox/launch/written-places.ts";
import { accessOf } from "../../../../core/sandbox/plan/access-of.ts";
import { planSandbox } from "../../../../core/sandbox/plan/plan-sandbox.ts";
import { SandboxRefusal } from "../../../../core/sandbox/sandbox-refusal.ts";
import { entry, machine, managed, rootRead } from "../plan/policies.ts";
import { Workspace } from "../plan/workspace.ts";

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace[Symbol.dispose]());

const planOf = (root: string) =>
  planSandbox(managed([rootRead, entry(root, "write")]), machine({ mayBeWritten }));

test("a workspace that a sandbox could exchange for a link grants nothing of what that leads to", () => {
  const { ws, out } = workspace;
  const inner = `${ws}/sub`;
  notePlacesWritten(planOf(ws));
  expect(accessOf(planOf(inner), `${inner}/n`)).toBe("write");
  renameSync(inner, `${ws}/was`);
  symlinkSync(out, inner);
  expect(() => planOf(inner)).toThrow(
    new SandboxRefusal(
      `the sandbox grants \`${out}\` by way of \`${inner}\`, a symbolic link that a sandbox may have made: name the place without it`,
    ),
  );
});

test("so it is when another server of the account held that sandbox, also once that one is gone", async () => {
  const { ws, out } = workspace;
  const inner = `${ws}/sub`;
  // We are there before it goes.
  expect(mayBeWritten(inner)).toBe(false);
  const other = Bun.spawn([process.execPath, `${import.meta.dir}/fixtures/writing-server.ts`, ws], {
    stdin: "pipe",
    stdout: "pipe",
  });
  await other.stdout.getReader().read();
  renameSync(inner, `${ws}/was`);
  symlinkSync(out, inner);
  expect(() => planOf(inner)).toThrow("a symbolic link that a sandbox may have made");
  other.kill("SIGKILL");
  await other.exited;
  expect(() => planOf(inner)).toThrow("a symbolic link that a sandbox may have made");
});

test("a server that follows the list keeps it for when the others have gone", async () => {
  const server = Bun.spawn([process.execPath, `${import.meta.dir}/fixtures/following-server.ts`], {
    stdout: "pipe",
  });
  expect(await new Response(server.stdout).json()).toEqual([false, true]);
});

test("a link where no sandbox could write grants what it leads to", () => {
  const { ws, out, base } = workspace;
  notePlacesWritten(planOf(ws));
  symlinkSync(out, `${base}/mine`);
  expect(accessOf(planOf(`${base}/mine`), `${out}/n`)).toBe("write");
});

test("a disk that is writable but for something is such a place as a whole", () => {
  const kept = { path: "/secret", access: "deny", stands: "directory", why: "entry" } as const;
  const own = { path: "/home/.own", access: "deny", stands: "directory", why: "private" } as const;
  expect(placesWritten({ disk: "write", rules: [kept, own] })).toEqual(["/"]);
  expect(placesWritten({ disk: "write", rules: [own] })).toEqual([]);
  expect(placesWritten({ disk: "read", rules: [kept, own] })).toEqual([]);
});

test("the place itself is not in its own hands, what is below it is", () => {
  const { ws } = workspace;
  notePlacesWritten({
    disk: "read",
    rules: [{ path: ws, access: "write", stands: "directory", why: "entry" }],
  });
  expect(mayBeWritten(ws)).toBe(false);
  expect(mayBeWritten(`${ws}/a/b`)).toBe(true);
  expect(mayBeWritten(`${ws}-beside`)).toBe(false);
});
