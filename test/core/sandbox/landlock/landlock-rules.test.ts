import { describe, expect, test } from "bun:test";
import { landlockRules } from "../../../../core/sandbox/landlock/landlock-rules.ts";
import type { SandboxPlan } from "../../../../core/sandbox/plan/sandbox-plan.ts";
import { SandboxRefusal } from "../../../../core/sandbox/sandbox-refusal.ts";
import { plan, rule } from "../bubblewrap/hand-made-plan.ts";

const facts = { abi: 7, rootEntries: ["dev", "etc", "home", "proc", "usr"], judged: false };
const READ = 0b1101n;

function rulesOf(sandbox: SandboxPlan): ReadonlyMap<string, bigint> {
  return new Map(landlockRules(sandbox, facts).rules.map(({ path, access }) => [path, access]));
}

describe("Landlock rules", () => {
  test("handle every right of files, and TCP where the network is restricted", () => {
    expect(landlockRules(plan("read", []), facts)).toMatchObject({
      handledFs: 0xffffn,
      handledNet: 3n,
      scoped: 3n,
    });
    expect(landlockRules(plan("read", [], { network: "enabled" }), facts).handledNet).toBe(0n);
  });

  test("grant a readable disk but for its devices, whose names alone are listed", () => {
    const rules = rulesOf(plan("read", []));
    expect(rules.get("/")).toBe(0b1000n);
    for (const name of ["etc", "home", "proc", "usr"]) expect(rules.get(`/${name}`)).toBe(READ);
    expect(rules.has("/dev")).toBe(false);
    expect(rules.has("/dev/null")).toBe(true);
  });

  test("grant what is written to, and never the making of devices", () => {
    const access = rulesOf(plan("read", [rule("/home/w", "write")])).get("/home/w") ?? 0n;
    expect(access & READ).toBe(READ);
    expect(access & ((1n << 6n) | (1n << 11n) | (1n << 15n))).toBe(0n);
    expect(rulesOf(plan("nothing", [rule("/home/w", "read")])).get("/home/w")).toBe(READ);
  });

  test("open /proc with the disk, and to who judges by himself", () => {
    expect(rulesOf(plan("nothing", [])).has("/proc")).toBe(false);
    const judged = landlockRules(plan("nothing", []), { ...facts, judged: true });
    expect(judged.rules).toContainEqual({ path: "/proc", access: READ });
  });

  test("pass over what is closed already, and what is not there", () => {
    const rules = rulesOf(
      plan("nothing", [
        rule("/home/w", "deny"),
        rule("/home/w/open", "write"),
        rule("/home/gone", "read", { stands: "missing" }),
      ]),
    );
    expect([...rules.keys()].filter((path) => path.startsWith("/home"))).toEqual(["/home/w/open"]);
    expect(() => rulesOf(plan("read", [rule("/home/private", "deny", { why: "private" })]))).not.toThrow();
  });

  for (const [what, sandbox, sentence] of [
    ["a writable disk", plan("write", []), "on a writable disk"],
    ["a denied directory on a readable disk", plan("read", [rule("/home/x", "deny")]), "cannot deny /home/x"],
    [
      "a protected name in a writable directory",
      plan("read", [rule("/w", "write"), rule("/w/.git", "read", { why: "protected" })]),
      "cannot make /w/.git narrower",
    ],
    [
      "a protected name that is missing there",
      plan("read", [rule("/w", "write"), rule("/w/.git", "read", { stands: "missing", why: "protected" })]),
      "cannot make /w/.git narrower",
    ],
    [
      "the server's own directory in a writable one",
      plan("read", [rule("/w", "write"), rule("/w/own", "deny", { why: "private" })]),
      "cannot make /w/own narrower",
    ],
    [
      "a pattern",
      plan("nothing", [rule("/w", "read")], {
        denyGlobs: [{ pattern: "/w/**/*.env", base: "/w", rest: "**/*.env" }],
      }),
      "cannot deny /w/**/*.env",
    ],
    ["writable devices", plan("read", [rule("/dev", "write")]), "cannot open /dev for writing"],
    ["a writable /proc", plan("nothing", [rule("/proc/sys", "write")]), "cannot open /proc/sys for writing"],
  ] as const) {
    test(`are refused for ${what}, by name`, () => {
      expect(() => landlockRules(sandbox, facts)).toThrow(SandboxRefusal);
      expect(() => landlockRules(sandbox, facts)).toThrow(sentence);
    });
  }

  test("are refused by a kernel that lets signals out", () => {
    expect(() => landlockRules(plan("read", []), { ...facts, abi: 5 })).toThrow("Landlock 5 of this kernel");
    expect(() => landlockRules(plan("read", []), { ...facts, abi: 6 })).not.toThrow();
  });
});
