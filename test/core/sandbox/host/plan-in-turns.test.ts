import { afterEach, beforeEach, expect, test } from "bun:test";
import { linkSync, mkdirSync } from "node:fs";
import { limits } from "../../../../core/limits.ts";
import { expansion } from "../../../../core/sandbox/host/expand-glob.ts";
import { hardLinksLook } from "../../../../core/sandbox/host/hard-links-below.ts";
import { planInTurns } from "../../../../core/sandbox/host/plan-in-turns.ts";
import { planSandbox } from "../../../../core/sandbox/plan/plan-sandbox.ts";
import { deniedGlob, entry, machine, managed } from "../plan/policies.ts";
import { Workspace } from "../plan/workspace.ts";

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace[Symbol.dispose]());

function policyOver({ ws }: Workspace) {
  return managed([
    entry({ kind: "root" }, "read"),
    entry({ kind: "path", path: ws }, "write"),
    entry({ kind: "path", path: `${ws}/priv` }, "deny"),
    deniedGlob(`${ws}/**/*.env`),
    deniedGlob(`${ws}/s*/**/x.*`),
  ]);
}

test("a plan made in turns is the plan made at once", async () => {
  const { ws } = workspace;
  linkSync(`${ws}/priv/p.txt`, `${ws}/other-name`);
  const policy = policyOver(workspace);
  const facts = machine();
  const plan = await planInTurns(policy, facts);
  expect(plan).toEqual(planSandbox(policy, facts));
  expect(plan.alsoNamed).toEqual([`${ws}/priv/p.txt`]);
});

test("globs of one spelling and two meanings are looked for apart", async () => {
  const { ws } = workspace;
  const secret = `${workspace.make("s/ws/abc")}/x.pem`;
  workspace.write("s/ws/abc/x.pem");
  workspace.make("s/ws/a*");
  const policy = managed([
    entry({ kind: "root" }, "read"),
    deniedGlob(`${ws}/a\\*/*.pem`),
    deniedGlob(`${ws}/a*/*.pem`),
  ]);
  const { rules } = await planInTurns(policy, machine());
  expect(rules.map(({ path }) => path)).toContain(secret);
});

test("a long search lets others have the event loop meanwhile, and finds what there is", async () => {
  const { ws } = workspace;
  for (let index = 0; index < 20; index++) mkdirSync(`${ws}/many/${index}`, { recursive: true });
  workspace.write("s/ws/many/19/late.env");
  let turns = 0;
  let over = false;
  const count = () => {
    turns++;
    if (!over) setImmediate(count);
  };
  setImmediate(count);
  const plan = await planInTurns(policyOver(workspace), machine(), 0);
  over = true;
  // One directory at a time: no turn is longer than one of them.
  expect(turns).toBeGreaterThanOrEqual(20);
  expect(plan.rules.map(({ path }) => path)).toContain(`${ws}/many/19/late.env`);
});

test("a large directory is no single step of a search", () => {
  const large = workspace.make("s/large");
  const file = workspace.write("s/file");
  for (let index = 0; index <= 2 * limits.fsEntriesPerTurn; index++) linkSync(file, `${large}/${index}`);
  const glob = { pattern: `${large}/*.env`, base: large, rest: "*.env" };
  for (const look of [expansion(glob, null), hardLinksLook(large)]) {
    let steps = 0;
    while (look.next().done !== true) steps++;
    expect(steps).toBe(3);
  }
});

test("what cannot be enforced is refused as it is at once", async () => {
  const { ws } = workspace;
  const many = workspace.make("s/ws/wide");
  const file = workspace.write("s/file");
  for (let index = 0; index <= limits.sandboxGlobMatches; index++) linkSync(file, `${many}/${index}.env`);
  await expect(planInTurns(policyOver(workspace), machine())).rejects.toThrow(
    `unreadable glob expansion for ${ws} matched more than`,
  );
});
