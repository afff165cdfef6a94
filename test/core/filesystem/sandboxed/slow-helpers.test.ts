import { afterAll, beforeEach, expect, test } from "bun:test";
import { limits } from "../../../../core/limits.ts";
import { Workspace } from "../../../core/sandbox/plan/workspace.ts";
import { treeOf } from "../../../support/process-tree.ts";
import { onPath, rootsRead, rootsWrite, SandboxedServer, sandboxOf } from "./sandboxed-scope.ts";

const server = new SandboxedServer();
const workspace = new Workspace();
const sandbox = sandboxOf(workspace.ws, rootsWrite);
const file = `${workspace.ws}/a.txt`;
let before: number;
const startedNow = () => server.started.length - before;
beforeEach(() => {
  before = server.started.length;
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  workspace[Symbol.dispose]();
});

/** A helper that takes whatever it is told and says nothing. */
const silent = "cat >/dev/null";
const most = limits.fsHelpersPerConnection;

test("a request that is slow holds up no others of its profile: they get another helper, and all of them one", async () => {
  let asked = 0;
  using connection = server.connect({ instead: () => (asked++ === 0 ? silent : null), deadlineMs: 3_000 });
  const slow = connection.read(file, sandbox);
  const others = await Promise.all([1, 2, 3, 4].map(() => connection.read(file, sandbox)));
  expect(others).toEqual(["ok:inside", "ok:inside", "ok:inside", "ok:inside"]);
  expect(startedNow()).toBe(2);
  expect(await slow).toBe("-32603 fs sandbox helper failed with no answer within 3 s");
}, 10_000);

test("requests that are all slow get no more helpers than a connection may have", async () => {
  const deadlineMs = 2_500;
  using connection = server.connect({ instead: () => silent, deadlineMs });
  const answers = await Promise.all(Array.from({ length: most }, () => connection.read(file, sandbox)));
  expect(new Set(answers)).toEqual(new Set(["-32603 fs sandbox helper failed with no answer within 2.5 s"]));
  expect(startedNow()).toBe(most);
}, 10_000);

test("helpers of other profiles that have nothing to do go to make room for another one", async () => {
  using connection = server.connect({ deadlineMs: 2_000 });
  const profiles = Array.from({ length: most }, (_, index) =>
    sandboxOf(workspace.ws, rootsRead, onPath(`${workspace.ws}/later${index}`, "deny")),
  );
  for (const profile of profiles) expect(await connection.read(file, profile)).toBe("ok:inside");
  const [oldest, stopped] = [server.started[before], server.started.at(-1)];
  for (const pid of treeOf(stopped?.pid ?? 0)) process.kill(pid, "SIGSTOP");
  const slow = connection.read(file, profiles.at(-1));
  expect(await connection.read(file, profiles.at(-1))).toBe("ok:inside");
  await oldest?.treeGone;
  expect(startedNow()).toBe(most + 1);
  // Its helper was stopped, so it is asked again.
  expect(await slow).toBe("ok:inside");
}, 10_000);

test("another connection's requests are none of its helpers' business, however many wait", async () => {
  let asked = 0;
  using slowOne = server.connect({ instead: () => (asked++ === 0 ? silent : null), deadlineMs: 1_500 });
  using other = server.connect();
  const slow = slowOne.read(file, sandbox);
  expect(await other.read(file, sandbox)).toBe("ok:inside");
  expect(startedNow()).toBe(2);
  expect(await slow).toContain("no answer within");
}, 10_000);
