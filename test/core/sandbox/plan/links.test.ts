import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { linkSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { accessOf } from "../../../../core/sandbox/plan/access-of.ts";
import { planSandbox } from "../../../../core/sandbox/plan/plan-sandbox.ts";
import type { SandboxPlan } from "../../../../core/sandbox/plan/sandbox-plan.ts";
import type { PolicyEntry } from "../../../../core/sandbox/policy/sandbox-policy.ts";
import { deniedGlob, entry, machine, managed, rootRead } from "./policies.ts";
import { Workspace } from "./workspace.ts";

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace[Symbol.dispose]());

/** The workspace writable, the rest of the disk readable, and more. */
function planned(...more: PolicyEntry[]): SandboxPlan {
  return planSandbox(managed([rootRead, entry(workspace.ws, "write"), ...more]), machine());
}

/** What a plan looks at and asks, in its order. */
function questions(entries: readonly PolicyEntry[]): readonly string[] {
  const [asked, real] = [Array.of<string>(), machine()];
  const mayBeWritten = (path: string): boolean => {
    asked.push(`who made ${path}`);
    return false;
  };
  const inspect: typeof real.inspect = (path) => {
    asked.push(path);
    return real.inspect(path);
  };
  planSandbox(managed(entries), machine({ mayBeWritten, inspect }));
  return asked;
}

describe("who made a symbolic link", () => {
  test("is not asked of one that grants nothing, such as those of a system's programs", () => {
    const { base, out } = workspace;
    symlinkSync("out", `${base}/s/alias`);
    for (const access of ["read", "deny"] as const) {
      const entries = [rootRead, entry(`${base}/s/alias`, access), entry(out, "write")];
      expect(questions(entries).filter((asked) => asked.startsWith("who"))).toEqual([]);
    }
    const minimal = [entry({ kind: "minimal" }, "read"), entry(workspace.ws, "read")];
    expect(questions(minimal).filter((asked) => asked.startsWith("who"))).toEqual([]);
  });

  test.each(["read", "write"] as const)(
    "is asked of one that grants to %s, after it was looked at",
    (access) => {
      const alias = `${workspace.base}/s/alias`;
      symlinkSync("out", alias);
      const asked = questions([entry(alias, access), entry(workspace.ws, "read")]);
      expect(asked.filter((it) => it.startsWith("who"))).toEqual([`who made ${alias}`]);
      expect(asked.lastIndexOf(alias)).toBeLessThan(asked.indexOf(`who made ${alias}`));
    },
  );
});

describe("a symbolic link", () => {
  test("that an entry names outside of what is writable stands for its target and is only told", () => {
    const { base, out } = workspace;
    symlinkSync("out", `${base}/s/alias`);
    const plan = planned(entry(`${base}/s/alias`, "deny"));
    expect(accessOf(plan, `${out}/o.txt`)).toBe("deny");
    expect(plan.links).toEqual([{ path: `${base}/s/alias`, target: "out", replaceable: false }]);
    expect(plan.rules.some(({ stands }) => stands === "link")).toBe(false);
  });

  test("that is denied where it could be replaced is held with its target", () => {
    const { ws, out } = workspace;
    symlinkSync(out, `${ws}/secret`);
    const plan = planned(entry(`${ws}/secret`, "deny"));
    expect(accessOf(plan, `${out}/o.txt`)).toBe("deny");
    expect(accessOf(plan, `${ws}/secret`)).toBe("deny");
    expect(plan.links).toEqual([{ path: `${ws}/secret`, target: out, replaceable: true }]);
  });

  test("on the way to a denied path, in a writable place, may be read and not replaced", () => {
    const { ws, out } = workspace;
    symlinkSync(out, `${ws}/way`);
    const plan = planned(entry(`${ws}/way/o.txt`, "deny"));
    expect(accessOf(plan, `${out}/o.txt`)).toBe("deny");
    expect(accessOf(plan, `${ws}/way`)).toBe("read");
    expect(plan.rules.find(({ path }) => path === `${ws}/way`)?.stands).toBe("link");
  });

  test("at a protected name keeps its place, and its target is protected where it could be written", () => {
    const { ws } = workspace;
    rmSync(`${ws}/.git`, { recursive: true });
    mkdirSync(`${ws}/sub/git`);
    symlinkSync("sub/git", `${ws}/.git`);
    const plan = planned();
    expect(accessOf(plan, `${ws}/.git`)).toBe("read");
    expect(accessOf(plan, `${ws}/sub/git/config`)).toBe("read");
    expect(plan.links).toEqual([{ path: `${ws}/.git`, target: "sub/git", replaceable: true }]);
  });

  test("at a protected name never shows what is hidden", () => {
    const { ws, out } = workspace;
    rmSync(`${ws}/.git`, { recursive: true });
    symlinkSync(out, `${ws}/.git`);
    const plan = planSandbox(managed([entry(ws, "write")]), machine());
    expect(accessOf(plan, `${out}/o.txt`)).toBe("hidden");
  });

  test("that matches a deny glob denies what it leads to", () => {
    const { ws, out } = workspace;
    symlinkSync(`${out}/o.txt`, `${ws}/link.env`);
    const plan = planned(deniedGlob(`${ws}/**/*.env`));
    expect(accessOf(plan, `${out}/o.txt`)).toBe("deny");
    expect(accessOf(plan, `${ws}/link.env`)).toBe("deny");
  });

  test("that leads in circles, or to nothing, grants nothing and denies its own name", () => {
    const { ws } = workspace;
    symlinkSync("circle", `${ws}/circle`);
    symlinkSync("gone", `${ws}/dangling`);
    const plan = planned(entry(`${ws}/circle`, "deny"), entry(`${ws}/dangling`, "deny"));
    expect(accessOf(plan, `${ws}/circle`)).toBe("deny");
    expect(accessOf(plan, `${ws}/dangling`)).toBe("deny");
    expect(accessOf(plan, `${ws}/gone`)).toBe("deny");
    expect(planSandbox(managed([entry(`${ws}/circle`, "write")]), machine()).rules).toEqual([]);
  });

  test("that could be replaced grants nothing beyond what is around its target", () => {
    const { ws, out } = workspace;
    symlinkSync(out, `${ws}/grant`);
    symlinkSync("sub/deep", `${ws}/inner`);
    expect(() => planned(entry(`${ws}/grant`, "write"))).toThrow(
      `the sandbox grants \`${out}\` by way of \`${ws}/grant\``,
    );
    expect(() => planned(entry(`${ws}/sub`, "read"), entry(`${ws}/inner`, "write"))).toThrow(
      "name the place without it",
    );
    expect(accessOf(planned(entry(`${ws}/inner`, "write")), `${ws}/sub/deep/x.env`)).toBe("write");
    expect(accessOf(planned(entry(`${ws}/grant`, "read")), `${out}/o.txt`)).toBe("read");
    const hidden = planSandbox(managed([entry(ws, "write"), entry(`${ws}/grant`, "read")]), machine());
    expect(accessOf(hidden, `${out}/o.txt`)).toBe("hidden");
    expect(accessOf(hidden, `${ws}/grant`)).toBe("read");
  });

  test("in a workspace, below which a subpath names its place, never leads out of it", () => {
    const { ws, out } = workspace;
    symlinkSync(out, `${ws}/data`);
    symlinkSync("sub", `${ws}/inner`);
    const subpath = (name: string, access: "read" | "write") =>
      managed([entry({ kind: "projectRoots", subpath: name }, access)], { workspaceRoots: [ws] });
    expect(() => planSandbox(subpath("data", "write"), machine())).toThrow("name the place without it");
    expect(accessOf(planSandbox(subpath("data", "read"), machine()), `${out}/o.txt`)).toBe("hidden");
    expect(accessOf(planSandbox(subpath("inner/deep", "write"), machine()), `${ws}/sub/deep/x.env`)).toBe(
      "write",
    );
  });

  test("to the root of the disk is refused", () => {
    symlinkSync("/", `${workspace.base}/all`);
    expect(() => planned(entry(`${workspace.base}/all`, "deny"))).toThrow("leads to the root of the disk");
  });

  test("above a workspace makes the real directory the writable root", () => {
    const { base, ws } = workspace;
    symlinkSync("s", `${base}/t`);
    const plan = planSandbox(managed([rootRead, entry(`${base}/t/ws`, "write")]), machine());
    expect(accessOf(plan, `${ws}/a.txt`)).toBe("write");
    expect(accessOf(plan, `${ws}/.git/config`)).toBe("read");
  });
});

describe("a denied file with a second name", () => {
  test("is known by its inode, when the other name lies outside of what is denied", () => {
    const { ws, out } = workspace;
    linkSync(`${ws}/priv/p.txt`, `${ws}/other.txt`);
    expect(planned(entry(`${ws}/priv/p.txt`, "deny")).deniedInodes.size).toBe(1);
    expect(planned(entry(`${ws}/priv`, "deny"))).toMatchObject({ alsoNamed: [`${ws}/priv/p.txt`] });
    expect(planned(entry(`${ws}/priv`, "deny")).deniedInodes.size).toBe(1);
    expect(planned(deniedGlob(`${ws}/priv/*`)).deniedInodes.size).toBe(1);
    expect(planned(entry(`${ws}/priv`, "deny"), entry(`${ws}/other.txt`, "deny")).deniedInodes.size).toBe(0);
    expect(planned(entry(out, "deny")).deniedInodes.size).toBe(0);
  });

  test("in a denied directory is not looked for where every path is judged", () => {
    const { ws } = workspace;
    linkSync(`${ws}/priv/p.txt`, `${ws}/other.txt`);
    const policy = managed([rootRead, entry(`${ws}/priv`, "deny")]);
    expect(planSandbox(policy, machine(), "judgement").deniedInodes.size).toBe(0);
  });
});
