import { beforeAll, describe, expect, test } from "bun:test";
import { dirname } from "node:path";
import type { PathRule, SandboxPlan } from "../../../../core/sandbox/plan/sandbox-plan.ts";
import { type FixtureTree, fixtureTree } from "./fixture-tree.ts";
import { meaning, plan, rule } from "./hand-made-plan.ts";
import { runBubblewrap } from "./run-bubblewrap.ts";

const ENOENT = 2;
const EACCES = 13;
const EBUSY = 16;
const EXDEV = 18;
const EROFS = 30;

/** What a reader and a writer get where a plan means this. */
const answers = {
  read: [[0], [EROFS]],
  write: [[0], [0]],
  deny: [[EACCES], [EACCES, EROFS]],
  hidden: [[ENOENT], [ENOENT, EROFS]],
} as const;

const rulesOf: Readonly<Record<string, (root: string) => readonly PathRule[]>> = {
  "no rules": () => [],
  "a writable workspace with its protected name": (root) => [
    rule(`${root}/ws`, "write"),
    rule(`${root}/ws/.git`, "read", { why: "protected" }),
  ],
  "a readable workspace": (root) => [rule(`${root}/ws`, "read")],
  "a denied directory in a writable one": (root) => [
    rule(`${root}/ws`, "write"),
    rule(`${root}/ws/priv`, "deny"),
  ],
  "a denied directory that is opened again below": (root) => [
    rule(`${root}/ws`, "write"),
    rule(`${root}/ws/priv`, "deny"),
    rule(`${root}/ws/priv/way/open`, "write"),
  ],
  "a denied file deep in a writable directory": (root) => [
    rule(`${root}/ws`, "write"),
    rule(`${root}/ws/sub/deep/x.env`, "deny", { stands: "file", why: "glob" }),
  ],
  "read in write, write in read, denied in that": (root) => [
    rule(`${root}/ws`, "write"),
    rule(`${root}/ws/ro`, "read"),
    rule(`${root}/ws/ro/rw`, "write"),
    rule(`${root}/ws/ro/rw/no.txt`, "deny", { stands: "file" }),
  ],
  "single files": (root) => [
    rule(`${root}/ws/a.txt`, "write", { stands: "file" }),
    rule(`${root}/ws/sub/y.txt`, "read", { stands: "file" }),
    rule(`${root}/out/o.txt`, "deny", { stands: "file" }),
  ],
  "a writable file in a denied directory": (root) => [
    rule(`${root}/ws`, "deny"),
    rule(`${root}/ws/priv/p.txt`, "write", { stands: "file" }),
  ],
};

function withTools(tree: FixtureTree, disk: SandboxPlan["disk"], rules: readonly PathRule[]): SandboxPlan {
  const tools = disk === "nothing" ? [rule(dirname(tree.program), "read")] : [];
  return plan(disk, [...rules, rule(tree.folder, "deny", { why: "private" }), ...tools]);
}

function look(
  tree: FixtureTree,
  sandbox: SandboxPlan,
  paths: readonly string[],
  asPlainUser = false,
): number[][] {
  const { out, err, code } = runBubblewrap({
    plan: sandbox,
    argv: [tree.program, ...paths],
    folder: tree.folder,
    asPlainUser,
  });
  expect([err, code]).toEqual(["", 0]);
  return out
    .trim()
    .split("\n")
    .map((line) => line.split(" ").map(Number));
}

const isRoot = process.geteuid?.() === 0;
if (!isRoot) console.error("not root: the views are looked at as this user only");

beforeAll(async () => {
  using _ = await fixtureTree();
}, 120_000);

describe("what a program sees", () => {
  for (const asPlainUser of isRoot ? [false, true] : [false]) {
    for (const disk of ["read", "nothing", "write"] as const) {
      for (const [name, rules] of Object.entries(rulesOf)) {
        const who = asPlainUser ? "as a plain user" : "as this user";
        test(`is what the plan says of every path: ${name}, disk ${disk}, ${who}`, async () => {
          using tree = await fixtureTree(asPlainUser);
          const sandbox = withTools(tree, disk, rules(tree.root));
          const seen = look(tree, sandbox, tree.paths, asPlainUser);
          for (const [index, path] of tree.paths.entries()) {
            const [reads, writes] = answers[standing(sandbox, path)];
            expect([path, reads, writes]).toEqual([
              path,
              expect.arrayContaining([seen[index]?.[0]]),
              expect.arrayContaining([seen[index]?.[1]]),
            ]);
          }
        });
      }
    }
  }
});

/** What stands at a path inside: what is meant of it, or what it has to be so that something below it is reached. */
function standing(sandbox: SandboxPlan, path: string): keyof typeof answers {
  const meant = meaning(sandbox, path);
  const leadsOn = (place: string) =>
    sandbox.rules.some((rule) => rule.path.startsWith(`${place}/`) && rule.access !== "deny");
  if (meant === "hidden") return leadsOn(path) ? "read" : "hidden";
  if (meant !== "deny" || leadsOn(path)) return meant;
  const mask = sandbox.rules.find((rule) => rule.access === "deny" && path.startsWith(`${rule.path}/`));
  return mask !== undefined && leadsOn(mask.path) ? "hidden" : "deny";
}

describe("in a writable directory", () => {
  test("what leads to a denied file cannot be moved away, nor can its mask", async () => {
    using tree = await fixtureTree();
    const ws = `${tree.root}/ws`;
    const sandbox = plan("read", [
      rule(ws, "write"),
      rule(`${ws}/sub/deep/x.env`, "deny", { stands: "file" }),
    ]);
    const moves = [
      `mv:${ws}/sub:${ws}/else`,
      `mv:${ws}/sub/deep:${ws}/sub/else`,
      `mv:${ws}/sub/deep/x.env:${ws}/x`,
    ];
    const over = `mv:${ws}/sub/y.txt:${ws}/sub/deep/x.env`;
    expect(look(tree, sandbox, [...moves, over]).map(([failed]) => failed)).toEqual([
      EBUSY,
      EBUSY,
      EXDEV,
      EXDEV,
    ]);
    // Its twin: what leads to no rule moves.
    expect(look(tree, sandbox, [`mv:${ws}/priv:${ws}/else`])[0]).toEqual([0, 0]);
  });

  test("a file is moved within a directory, and to one that leads to a denied file only as a copy", async () => {
    using tree = await fixtureTree();
    const ws = `${tree.root}/ws`;
    const sandbox = plan("read", [
      rule(ws, "write"),
      rule(`${ws}/sub/deep/x.env`, "deny", { stands: "file" }),
    ]);
    expect(look(tree, sandbox, [`mv:${ws}/a.txt:${ws}/b.txt`, `mv:${ws}/b.txt:${ws}/sub/b.txt`])).toEqual([
      [0, 0],
      [EXDEV, EXDEV],
    ]);
  });

  test("nobody takes a mask off: not by its mode, not by another mount", async () => {
    using tree = await fixtureTree();
    const ws = `${tree.root}/ws`;
    const sandbox = plan("read", [
      rule(ws, "write"),
      rule(`${ws}/priv`, "deny"),
      rule(`${ws}/a.txt`, "deny", { stands: "file" }),
    ]);
    const script = `chmod 777 ${ws}/priv; chmod 777 ${ws}/a.txt; umount ${ws}/priv; mount --bind / ${ws}/sub; rm -rf ${ws}/priv; rm -f ${ws}/a.txt; cat ${ws}/a.txt; ls ${ws}/priv`;
    const { out, err, code } = runBubblewrap({
      plan: sandbox,
      argv: ["/bin/sh", "-c", script],
      folder: tree.folder,
    });
    expect([out, code]).not.toEqual(["", 0]);
    expect(out).toBe("");
    expect(err.match(/Permission denied/g)?.length).toBeGreaterThanOrEqual(2);
    expect(err.match(/Read-only file system/g)?.length).toBeGreaterThanOrEqual(2);
    expect(look(tree, plan("read", []), [`${ws}/a.txt`, `${ws}/priv/p.txt`])).toEqual([
      [0, EROFS],
      [0, EROFS],
    ]);
  });
});
