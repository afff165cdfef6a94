import { expect, test } from "bun:test";
import { refuseUnholdable } from "../../../../core/sandbox/launch/refuse-unholdable.ts";
import { accessOf } from "../../../../core/sandbox/plan/access-of.ts";
import { planSandbox } from "../../../../core/sandbox/plan/plan-sandbox.ts";
import type { PolicyEntry } from "../../../../core/sandbox/policy/sandbox-policy.ts";
import { deniedGlob, entry, machine, managed, rootRead } from "./policies.ts";
import { Workspace } from "./workspace.ts";

/** A plan where the workspace takes names in whatever case for the same. */
function plan(workspace: Workspace, ...entries: readonly PolicyEntry[]) {
  const facts = machine({ foldsCase: (path) => path.startsWith(`${workspace.ws}/`) });
  return planSandbox(managed([rootRead, ...entries]), facts);
}

test("what is taken away is taken in every spelling", () => {
  using workspace = new Workspace();
  const { ws } = workspace;
  const made = plan(
    workspace,
    entry(ws, "write"),
    entry(`${ws}/priv`, "deny"),
    deniedGlob(`${ws}/**/*.envé`),
  );
  for (const denied of ["priv/p.txt", "PRIV/p.txt", "Priv", "sub/TOP.ENVÉ", "x.enve\u0301"])
    expect([denied, accessOf(made, `${ws}/${denied}`)]).toEqual([denied, "deny"]);
  for (const kept of [".git/config", ".GIT/hooks/x", ".Codex"])
    expect([kept, accessOf(made, `${ws}/${kept}`)]).toEqual([kept, "read"]);
  expect(accessOf(made, `${ws}/Other.txt`)).toBe("write");
  expect(accessOf(made, `${ws.toUpperCase()}/a.txt`)).toBe("read");
});

test("the strictest of rules that are the same but for case holds", () => {
  using workspace = new Workspace();
  const { ws } = workspace;
  const made = plan(workspace, entry(`${ws}/sub`, "write"), entry(`${ws}/SUB`, "deny"));
  expect(accessOf(made, `${ws}/sub/x`)).toBe("deny");
});

test("a plan that takes nothing away there is as it is anywhere", () => {
  using workspace = new Workspace();
  const { ws, out } = workspace;
  expect(plan(workspace).foldsCase).toBe(false);
  expect(plan(workspace, entry(out, "write"), entry(`${out}/o.txt`, "deny")).foldsCase).toBe(false);
  expect(plan(workspace, entry(ws, "write")).foldsCase).toBe(true);
});

test("mounts hold directories there, and no files", () => {
  using workspace = new Workspace();
  const { ws } = workspace;
  refuseUnholdable(plan(workspace, entry(ws, "write"), entry(`${ws}/priv`, "deny")));
  for (const name of ["top.env", "not-there"]) {
    const made = plan(workspace, entry(ws, "write"), entry(`${ws}/${name}`, "deny"));
    expect(() => refuseUnholdable(made)).toThrow(`${ws}/${name} has other names in its file system`);
  }
});
