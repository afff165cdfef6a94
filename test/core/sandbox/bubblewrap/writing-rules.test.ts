import { describe, expect, test } from "bun:test";
import { bubblewrapArguments } from "../../../../core/sandbox/bubblewrap/bubblewrap-arguments.ts";
import { writingRules } from "../../../../core/sandbox/bubblewrap/writing-rules.ts";
import type { SandboxPlan } from "../../../../core/sandbox/plan/sandbox-plan.ts";
import { plan, rule } from "./hand-made-plan.ts";

const writeFile = 2n;
const refer = 1n << 13n;

function rulesOf(sandbox: SandboxPlan, descriptors: ReadonlyMap<string, number> = new Map()) {
  const launch = { seccompDescriptor: 3, maskFile: "/mask", placeholders: new Map(), newSession: true };
  return writingRules(bubblewrapArguments(sandbox, { ...launch, descriptors }));
}

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
    const descriptors = new Map([
      ["/w", 5],
      ["/x", 6],
    ]);
    expect(rulesOf(workspace, descriptors)?.rules).toEqual(expected);
  });

  test("grants no writing to a view that is only read", () => {
    expect(rulesOf(plan("read", []))?.rules.map(({ path }) => path)).toEqual(["/", "/dev", "/proc"]);
  });

  test("is none where all of the disk is writable", () => {
    expect(rulesOf(plan("write", [rule("/w", "deny")]))).toBeUndefined();
  });
});
