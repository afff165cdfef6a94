import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { localFacts } from "../../../../core/sandbox/host/local-facts.ts";
import { accessOf } from "../../../../core/sandbox/plan/access-of.ts";
import { planSandbox } from "../../../../core/sandbox/plan/plan-sandbox.ts";
import type { SandboxPlan } from "../../../../core/sandbox/plan/sandbox-plan.ts";
import type { ManagedPolicy, PolicyEntry } from "../../../../core/sandbox/policy/sandbox-policy.ts";
import { SandboxRefusal } from "../../../../core/sandbox/sandbox-refusal.ts";
import { deniedGlob, entry, machine, managed, rootRead } from "./policies.ts";
import { Workspace } from "./workspace.ts";

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace[Symbol.dispose]());

function plan(entries: readonly PolicyEntry[], more: Partial<ManagedPolicy> = {}): SandboxPlan {
  return planSandbox(managed(entries, more), machine());
}

const workspaceWrite: readonly PolicyEntry[] = [
  rootRead,
  entry({ kind: "projectRoots", subpath: null }, "write"),
];

describe("protected names", () => {
  test("are kept from writing at the top of each writable root, and only there", () => {
    const { ws, out } = workspace;
    workspace.make("s/ws/sub/.git");
    const made = plan(workspaceWrite, { workspaceRoots: [ws, out] });
    for (const name of [".git", ".agents", ".codex", ".aws"]) {
      expect(accessOf(made, `${ws}/${name}/x`)).toBe("read");
      expect(accessOf(made, `${out}/${name}`)).toBe("read");
    }
    expect(accessOf(made, `${ws}/sub/.git/x`)).toBe("write");
  });

  test("may be written where an entry says so of that very path, there or not", () => {
    const { ws } = workspace;
    const git = entry({ kind: "projectRoots", subpath: ".git" }, "write");
    const codex = entry(`${ws}/.codex`, "write");
    const made = plan([...workspaceWrite, git, codex], { workspaceRoots: [ws] });
    expect(accessOf(made, `${ws}/.git/config`)).toBe("write");
    expect(accessOf(made, `${ws}/.codex`)).toBe("write");
    expect(accessOf(made, `${ws}/.aws`)).toBe("read");
  });

  test("of the root alone are kept when the whole disk is writable but for something", () => {
    const { ws } = workspace;
    const made = plan([entry({ kind: "root" }, "write"), entry(`${ws}/priv`, "deny")]);
    expect(accessOf(made, "/.git/x")).toBe("read");
    expect(accessOf(made, `${ws}/.git/config`)).toBe("write");
  });

  test("include the directory that a `.git` file names", () => {
    const { ws, base } = workspace;
    rmSync(`${ws}/.git`, { recursive: true });
    workspace.make("s/ws/sub/real.git");
    workspace.write("s/ws/.git", "gitdir: sub/real.git\n");
    const made = plan([rootRead, entry(ws, "write")]);
    expect(accessOf(made, `${ws}/.git`)).toBe("read");
    expect(accessOf(made, `${ws}/sub/real.git/config`)).toBe("read");
    workspace.write("s/ws/.git", `gitdir: ${base}/s/out`);
    expect(accessOf(plan([entry(ws, "write")]), `${base}/s/out/o.txt`)).toBe("hidden");
  });

  test("do not stand under a writable file, which is no root", () => {
    const { ws } = workspace;
    const made = plan([rootRead, entry(`${ws}/a.txt`, "write")]);
    expect(made.rules).toEqual([{ path: `${ws}/a.txt`, access: "write", stands: "file", why: "entry" }]);
  });
});

describe("a place that an entry names", () => {
  test("and that is not there: a writable one is none, any other is kept from being made", () => {
    const { ws, base } = workspace;
    expect(plan([rootRead, entry(`${base}/nope`, "write")]).rules).toEqual([]);
    const made = plan([
      rootRead,
      entry(ws, "write"),
      entry(`${ws}/later/x`, "read"),
      entry(`${ws}/no`, "deny"),
    ]);
    expect(accessOf(made, `${ws}/later`)).toBe("write");
    expect(accessOf(made, `${ws}/later/x/y`)).toBe("read");
    expect(accessOf(made, `${ws}/no/x`)).toBe("deny");
  });

  test("by a subpath that leads out of the workspace: nothing is granted, and the workspace is closed", () => {
    const { ws, out } = workspace;
    for (const subpath of ["../out", "/etc", "a/../../out", "sub/../priv"]) {
      const target = { kind: "projectRoots", subpath } as const;
      for (const access of ["read", "write", "deny"] as const) {
        const made = plan([entry(target, access)], { workspaceRoots: [ws] });
        expect(accessOf(made, `${out}/o.txt`)).toBe("hidden");
        expect(accessOf(made, `${ws}/priv/p.txt`)).toBe("deny");
      }
    }
    const inside = entry({ kind: "projectRoots", subpath: "./sub//deep/" }, "write");
    expect(accessOf(plan([inside], { workspaceRoots: [ws] }), `${ws}/sub/deep/x.env`)).toBe("write");
  });

  test("as tmpdir: what the facts say, nothing when unset; as slashTmp: /tmp", () => {
    const { out } = workspace;
    const tmpdir = managed([entry({ kind: "tmpdir" }, "write")]);
    const given = planSandbox(tmpdir, machine({ temporaryDirectory: out }));
    expect(accessOf(given, `${out}/x`)).toBe("write");
    expect(planSandbox(tmpdir, machine()).rules).toEqual([]);
    expect(planSandbox(tmpdir, machine({ temporaryDirectory: "relative" })).rules).toEqual([]);
    expect(accessOf(plan([entry({ kind: "slashTmp" }, "write")]), "/tmp/x")).toBe("write");
  });

  test("as minimal: the system's directories by their real paths, with the links that lead there", () => {
    const made = plan([entry({ kind: "minimal" }, "read")]);
    expect(accessOf(made, "/usr/bin/true")).toBe("read");
    expect(accessOf(made, "/etc/passwd")).toBe("read");
    expect(accessOf(made, "/var/x")).toBe("hidden");
    for (const { path } of made.links) expect(made.rules.some((rule) => rule.path === path)).toBe(false);
    expect(made.rules.every(({ stands, why }) => stands === "directory" && why === "minimal")).toBe(true);
  });

  test("as minimal adds reading to a hidden disk, and does nothing else", () => {
    const minimal = entry({ kind: "minimal" }, "read");
    expect(accessOf(plan([entry({ kind: "minimal" }, "write")]), "/usr/x")).toBe("read");
    const narrowed = plan([entry({ kind: "root" }, "write"), entry("/var/nope", "deny"), minimal]);
    expect(accessOf(narrowed, "/usr/x")).toBe("write");
    expect(accessOf(plan([minimal, entry("/etc", "deny")]), "/etc/passwd")).toBe("deny");
  });

  test("as a plain `/`: the whole disk, but not as full access", () => {
    const made = plan([entry("/", "read")]);
    expect([made.disk, made.fullDiskRead, made.fullDiskWrite]).toEqual(["read", false, false]);
    expect(accessOf(made, "/etc/passwd")).toBe("read");
  });
});

describe("the server's own places", () => {
  test("are denied whatever the policy says of them or of what lies in them", () => {
    const { ws } = workspace;
    const facts = localFacts({
      temporaryDirectory: null,
      home: null,
      privatePaths: [`${ws}/priv`],
      mayBeWritten: () => false,
    });
    const open = managed([
      entry({ kind: "root" }, "write"),
      entry(`${ws}/priv`, "write"),
      entry(`${ws}/priv/p.txt`, "write"),
    ]);
    const made = planSandbox(open, facts);
    expect(accessOf(made, `${ws}/priv/p.txt`)).toBe("deny");
    expect(made.rules).toEqual([{ path: `${ws}/priv`, access: "deny", stands: "directory", why: "private" }]);
    expect(made.fullDiskWrite).toBe(true);
  });
});

describe("deny globs", () => {
  test("of one spelling and two meanings are two: an asterisk in a fixed name is one", () => {
    const { ws } = workspace;
    const secret = workspace.write(`${workspace.make("s/ws/abc").slice(workspace.base.length + 1)}/x.pem`);
    workspace.make("s/ws/a*");
    const [fixed, wild] = [deniedGlob(`${ws}/a\\*/*.pem`), deniedGlob(`${ws}/a*/*.pem`)];
    const both = plan([rootRead, fixed, wild]);
    expect(both.denyGlobs).toHaveLength(2);
    expect(accessOf(both, secret)).toBe("deny");
    expect(plan([rootRead, fixed]).key).not.toBe(plan([rootRead, wild]).key);
  });

  test("start at cwd, at the home or at the workspace roots, as they say", () => {
    const { ws, base } = workspace;
    const secret = `${ws}/sub/deep/x.env`;
    const open = managed([rootRead], { cwd: ws, workspaceRoots: [ws], home: base });
    for (const pattern of [
      "**/*.env",
      "sub/**/*.env",
      "~/s/**/*.env",
      "codex-project-roots://**/*.env",
      `${ws}/**/x.*`,
    ]) {
      const made = planSandbox({ ...open, entries: [...open.entries, deniedGlob(pattern)] }, machine());
      expect([pattern, accessOf(made, secret)]).toEqual([pattern, "deny"]);
      expect(made.rules).toContainEqual({ path: secret, access: "deny", stands: "file", why: "glob" });
      expect([made.fullDiskRead, made.unscanned]).toEqual([false, []]);
    }
  });

  test("judge what comes to match later, and beat a writable place around it but not one below it", () => {
    const { ws } = workspace;
    const made = plan([
      rootRead,
      entry(ws, "write"),
      deniedGlob(`${ws}/**/priv*`),
      entry(`${ws}/priv/p.txt`, "write"),
    ]);
    expect(accessOf(made, `${ws}/sub/private-later`)).toBe("deny");
    expect(accessOf(made, `${ws}/priv/other`)).toBe("deny");
    expect(accessOf(made, `${ws}/priv/p.txt`)).toBe("write");
    expect(accessOf(made, `${ws}/a.txt`)).toBe("write");
  });

  test("tell the directories below the depth they were scanned to, where the judge still denies", () => {
    const { ws } = workspace;
    const made = plan([rootRead, deniedGlob(`${ws}/**/*.env`)], { globScanMaxDepth: 1 });
    expect(made.unscanned.toSorted()).toEqual([".git", "priv", "sub"].map((name) => `${ws}/${name}`));
    expect(made.rules.map(({ path }) => path)).toEqual([`${ws}/top.env`]);
    expect(accessOf(made, `${ws}/sub/deep/x.env`)).toBe("deny");
  });

  test.each([
    ["{a,b}.env", "alternatives in braces"],
    ["[.env", "a class that does not end"],
    ["a/../*.env", "`..`"],
    ["", "it names nothing"],
  ])("that cannot be enforced are refused by name: %s", (pattern, reason) => {
    const { ws } = workspace;
    expect(() => plan([rootRead, deniedGlob(pattern)], { cwd: ws })).toThrow(
      new RegExp(
        `^unreadable glob \`${RegExp.escape(pattern)}\` cannot be enforced: .*${RegExp.escape(reason)}`,
      ),
    );
  });

  test.each(["/**/*.env", "/*", "/[s]/x"])(
    "without a fixed directory in front are refused: %s",
    (pattern) => {
      expect(() => plan([rootRead, deniedGlob(pattern)])).toThrow(
        `unreadable glob \`${pattern}\` cannot be safely expanded; use a pattern with a non-root directory prefix`,
      );
    },
  );

  test("with another access than deny say nothing, even when they cannot be read", () => {
    expect(plan([rootRead, { target: { kind: "glob", pattern: "/**/{" }, access: "write" }]).rules).toEqual(
      [],
    );
  });
});

describe("a plan's key", () => {
  test("is the same for the same policy over the same objects, in whatever order and words", () => {
    const { ws } = workspace;
    const one = plan(workspaceWrite, { workspaceRoots: [ws] });
    expect(plan(workspaceWrite.toReversed(), { workspaceRoots: [ws] }).key).toBe(one.key);
    expect(plan([rootRead, entry(ws, "write")]).key).toBe(one.key);
    workspace.write("s/ws/a.txt", "changed");
    expect(plan(workspaceWrite, { workspaceRoots: [ws] }).key).toBe(one.key);
  });

  test("changes with what the policy says, with a root that was replaced, with a protected name that appeared", () => {
    const { ws } = workspace;
    const entries = [rootRead, entry(ws, "write")];
    const keys = [
      plan(entries).key,
      plan(entries, { network: "enabled" }).key,
      plan([...entries, entry(`${ws}/priv`, "deny")]).key,
    ];
    mkdirSync(`${ws}/.codex`);
    keys.push(plan(entries).key);
    renameSync(`${ws}/.git`, `${ws}/.got`);
    mkdirSync(`${ws}/.git`);
    keys.push(plan(entries).key);
    renameSync(ws, `${ws}2`);
    mkdirSync(ws);
    keys.push(plan(entries).key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("full access to the disk", () => {
  const root = (access: "read" | "write" | "deny") => entry({ kind: "root" }, access);
  test.each<[string, PolicyEntry[], boolean, boolean]>([
    ["root read", [root("read")], true, false],
    ["root write", [root("write")], true, true],
    ["root write with root read", [root("write"), root("read")], true, true],
    ["root write with root deny", [root("write"), root("deny")], false, false],
    ["root write with a readable path", [root("write"), entry("/var", "read")], true, false],
    [
      "root write with a denied path that is missing",
      [root("write"), entry("/nope/x", "deny")],
      false,
      false,
    ],
    ["root read with a denied glob", [root("read"), deniedGlob("/var/nope/*")], false, false],
    ["no entries", [], false, false],
  ])("%s", (_, entries, read, write) => {
    const made = plan(entries);
    expect([made.fullDiskRead, made.fullDiskWrite]).toEqual([read, write]);
  });
});

describe("what would otherwise be dropped in silence", () => {
  test("a denied place of an unknown kind is refused, a granted one grants nothing", () => {
    expect(() => plan([rootRead, entry({ kind: "unknown" }, "deny")])).toThrow(
      new SandboxRefusal("the profile denies a special path of an unknown kind"),
    );
    expect(plan([entry({ kind: "unknown" }, "write")]).rules.map(({ access }) => access)).not.toContain(
      "write",
    );
  });

  test("a glob that is to make writable places read-only is refused, a granting one grants nothing", () => {
    const { ws } = workspace;
    const locks: PolicyEntry = { target: { kind: "glob", pattern: `${ws}/**/*.lock` }, access: "read" };
    expect(() => plan([rootRead, entry(ws, "write"), locks])).toThrow(
      new SandboxRefusal(
        `unreadable glob \`${ws}/**/*.lock\` cannot be enforced: globs can deny, and not make anything read-only`,
      ),
    );
    expect(plan([rootRead, locks]).disk).toBe("read");
    expect(plan([{ ...locks, access: "write" }]).rules.map(({ access }) => access)).not.toContain("write");
  });
});
