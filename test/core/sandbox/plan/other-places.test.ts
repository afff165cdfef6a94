import { expect, test } from "bun:test";
import { accessOf } from "../../../../core/sandbox/plan/access-of.ts";
import type { OtherPlace } from "../../../../core/sandbox/plan/host-facts.ts";
import { planSandbox } from "../../../../core/sandbox/plan/plan-sandbox.ts";
import type { PolicyEntry } from "../../../../core/sandbox/policy/sandbox-policy.ts";
import { deniedGlob, entry, machine, managed, rootRead } from "./policies.ts";
import { Workspace } from "./workspace.ts";

/** A plan on a machine that shows things a second time. */
function plan(entries: readonly PolicyEntry[], places: Readonly<Record<string, readonly OtherPlace[]>>) {
  return planSandbox(managed(entries), machine({ otherPlaces: (path) => places[path] ?? [] }));
}

const all = (path: string): readonly OtherPlace[] => [{ path, shows: "" }];

test("what is denied is denied where it is shown once more", () => {
  using workspace = new Workspace();
  const { ws } = workspace;
  const made = plan([rootRead, entry(`${ws}/priv`, "deny")], { [`${ws}/priv`]: all("/again/priv") });
  expect(accessOf(made, "/again/priv/p.txt")).toBe("deny");
  expect(accessOf(made, "/again/a.txt")).toBe("read");
});

test("what is protected is read-only where it is shown once more, if it could be written there", () => {
  using workspace = new Workspace();
  const { ws, out } = workspace;
  const places = { [`${ws}/.git`]: [...all(`${out}/g`), ...all("/elsewhere/g")] };
  const made = plan([rootRead, entry(ws, "write"), entry(out, "write")], places);
  expect(accessOf(made, `${out}/g/config`)).toBe("read");
  expect(accessOf(made, `${out}/o.txt`)).toBe("write");
  expect(made.rules.map(({ path }) => path)).not.toContain("/elsewhere/g");
});

test("what the policy grants by its other name stays granted, and so does the disk", () => {
  using workspace = new Workspace();
  const { ws, out } = workspace;
  const places = { [out]: [...all(ws), ...all("/")] };
  const made = plan([rootRead, entry(ws, "write"), entry(out, "deny")], places);
  expect(accessOf(made, `${ws}/a.txt`)).toBe("write");
  expect(accessOf(made, "/etc/passwd")).toBe("read");
  expect(accessOf(made, `${out}/o.txt`)).toBe("deny");
});

test("the server's own is closed where it is shown once more, whatever the policy grants there", () => {
  using workspace = new Workspace();
  const { ws, out } = workspace;
  const facts = machine({
    privatePaths: [`${out}/own`],
    otherPlaces: (path) => (path === `${out}/own` ? all(ws) : []),
  });
  const made = planSandbox(managed([rootRead, entry(ws, "write")]), facts);
  expect(accessOf(made, `${ws}/a.txt`)).toBe("deny");
});

test.each([
  ["all of it", "/**/*.env", "", "/again/sub/x.env", true],
  ["a part", "/**/*.env", "/sub/deep", "/again/x.env", true],
  ["a part that is on the way", "/sub/*/*.env", "/sub", "/again/deep/x.env", true],
  ["a part that is not on the way", "/sub/*/*.env", "/priv", "/again/deep/x.env", false],
  ["a part that is denied itself", "/su*", "/sub/deep", "/again/a.txt", true],
])("a glob denies what is shown once more: %s", (_, rest, shows, path, denied) => {
  using workspace = new Workspace();
  const { ws } = workspace;
  const made = plan([rootRead, deniedGlob(`${ws}${rest}`)], {
    [ws]: [{ path: "/again", shows }],
    [`${ws}/sub`]: [{ path: "/again", shows: shows.replace(/^\/sub/, "") }].filter(() => shows === "/sub"),
  });
  expect(accessOf(made, path)).toBe(denied ? "deny" : "read");
  expect(accessOf(made, "/again-beside/x.env")).toBe("read");
});
