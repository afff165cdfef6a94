import { describe, expect, test } from "bun:test";
import { writingRules } from "../../../../core/sandbox/bubblewrap/writing-rules.ts";
import type { SandboxPlan } from "../../../../core/sandbox/plan/sandbox-plan.ts";
import { plan, rule } from "./hand-made-plan.ts";
import { mountWords } from "./run-bubblewrap.ts";

const writeFile = 2n;
const refer = 1n << 13n;

const rulesOf = (sandbox: SandboxPlan) => writingRules(mountWords(sandbox));

describe("the domain on top of a sandbox's mounts", () => {
  const workspace = plan("read", [
    rule("/w", "write"),
    rule("/w/.git", "read", { why: "protected" }),
    rule("/w/sub/deep", "deny"),
    rule("/x", "write"),
  ]);

  test("grants writing below what is writable, once each, and moving everywhere", () => {
    const expected = [
      { path: "/", access: refer },
      ...["/dev", "/proc", "/w", "/x"].map((path) => ({ path, access: writeFile })),
    ];
    expect(rulesOf(workspace)).toEqual({
      handledFs: writeFile | refer,
      handledNet: 0n,
      scoped: 0n,
      rules: expected,
    });
  });

  test("grants no writing to a view that is only read", () => {
    expect(rulesOf(plan("read", []))?.rules.map(({ path }) => path)).toEqual(["/", "/dev", "/proc"]);
  });

  test("is none where all of the disk is writable", () => {
    expect(rulesOf(plan("write", [rule("/w", "deny")]))).toBeUndefined();
  });
});
