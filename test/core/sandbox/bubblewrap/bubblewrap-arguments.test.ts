import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { PathRule, SandboxPlan } from "../../../../core/sandbox/plan/sandbox-plan.ts";
import { meaning, plan, rule } from "./hand-made-plan.ts";
import { mountWords } from "./run-bubblewrap.ts";
import { simulateMounts } from "./simulate-mounts.ts";

/** Few names, so that paths meet: siblings that begin alike, and four levels. */
const path = fc
  .array(fc.constantFrom("a", "a-b", "a.b", "b"), { minLength: 1, maxLength: 4 })
  .map((names) => `/${names.join("/")}`);

const sandbox: fc.Arbitrary<SandboxPlan> = fc
  .record({
    disk: fc.constantFrom("nothing" as const, "read" as const, "write" as const),
    rules: fc.uniqueArray(
      fc.record({ path, access: fc.constantFrom("read" as const, "write" as const, "deny" as const) }),
      {
        selector: ({ path }) => path,
        maxLength: 8,
      },
    ),
  })
  .map(({ disk, rules }) =>
    plan(
      disk,
      rules.map(({ path, access }) => rule(path, access)),
    ),
  );

const mounted = {
  read: ["read"],
  write: ["write", "write of /"],
  deny: ["masked"],
  hidden: ["hidden"],
} as const;

function narrowest(sandbox: SandboxPlan): readonly PathRule[] {
  return sandbox.rules.filter(
    (rule) =>
      rule.access !== "write" &&
      meaning(sandbox, rule.path.slice(0, rule.path.lastIndexOf("/")) || "/") === "write",
  );
}

describe("bubblewrap's arguments", () => {
  test("mount at every path what the plan means there, for random plans", () => {
    fc.assert(
      fc.property(sandbox, fc.array(path, { maxLength: 10 }), (sandbox, paths) => {
        const at = simulateMounts(mountWords(sandbox));
        for (const place of [...sandbox.rules.map(({ path }) => path), ...paths]) {
          expect([place, [...mounted[meaning(sandbox, place)]]]).toEqual([
            place,
            expect.arrayContaining([at(place)]),
          ]);
        }
      }),
      { numRuns: 1_500 },
    );
  });

  test("pin every directory between a writable one and something narrower, for random plans", () => {
    fc.assert(
      fc.property(sandbox, (sandbox) => {
        const words = mountWords(sandbox);
        const mountedAt = new Set(
          words.filter((_, index) => ["--bind", "--ro-bind"].includes(words[index - 2] ?? "")),
        );
        for (const { path } of narrowest(sandbox)) {
          for (let end = path.indexOf("/", 1); end !== -1; end = path.indexOf("/", end + 1)) {
            const directory = path.slice(0, end);
            if (meaning(sandbox, directory) === "write") expect([...mountedAt]).toContain(directory);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test("are the same whatever order the rules come in", () => {
    fc.assert(
      fc.property(sandbox, (sandbox) => {
        const turned = { ...sandbox, rules: [...sandbox.rules].reverse() };
        expect(mountWords(turned)).toEqual(mountWords(sandbox));
      }),
      { numRuns: 200 },
    );
  });

  test("unshare the network only where it is restricted", () => {
    expect(mountWords(plan("read", []))).toContain("--unshare-net");
    expect(mountWords(plan("read", [], { network: "enabled" }))).not.toContain("--unshare-net");
  });

  test("make the links that the policy names only where nothing is there", () => {
    const links = [
      { path: "/bin", target: "usr/bin", replaceable: false },
      { path: "/w/link", target: "x", replaceable: false },
    ];
    const rules = [rule("/usr", "read"), rule("/w", "read")];
    const nothing = mountWords(plan("nothing", rules, { links }));
    expect(nothing.join(" ")).toContain("--tmpfs / --symlink usr/bin /bin --dev");
    expect(nothing).not.toContain("/w/link");
    expect(mountWords(plan("read", rules, { links }))).not.toContain("--symlink");
  });

  test("are refused for what no mount can hold", () => {
    const refused = (rules: readonly PathRule[]) => () => mountWords(plan("read", rules));
    expect(refused([rule("/proc", "deny")])).toThrow("/proc cannot be denied");
    expect(refused([rule("/w/../x", "write")])).toThrow("no real absolute path");
    expect(refused([rule("w", "write")])).toThrow("no real absolute path");
    expect(refused([rule("/w\0--bind", "write")])).toThrow("no real absolute path");
    const below = [rule("/w", "deny", { stands: "file" }), rule("/w/x", "write")];
    expect(refused(below)).toThrow("/w is a file");
  });
});
