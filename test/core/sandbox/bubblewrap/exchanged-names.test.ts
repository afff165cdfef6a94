import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import type { PathRule } from "../../../../core/sandbox/plan/sandbox-plan.ts";
import { type FixtureTree, fixtureTree } from "./fixture-tree.ts";
import { plan, rule } from "./hand-made-plan.ts";
import { runBubblewrap } from "./run-bubblewrap.ts";

let tree: FixtureTree;
let ws: string;
beforeEach(async () => {
  tree = await fixtureTree();
  ws = `${tree.root}/ws`;
  mkdirSync(`${ws}/sub/way/priv`, { recursive: true });
  writeFileSync(`${ws}/sub/way/x.env`, "secret");
});
afterEach(() => tree[Symbol.dispose]());

const kinds: Readonly<Record<string, (ws: string) => readonly PathRule[]>> = {
  "a denied directory": (ws) => [rule(`${ws}/sub/way/priv`, "deny")],
  "a denied file": (ws) => [rule(`${ws}/sub/way/x.env`, "deny", { stands: "file", why: "glob" })],
  "a directory that is only read": (ws) => [rule(`${ws}/sub/way/priv`, "read")],
  "a file that is only read": (ws) => [rule(`${ws}/sub/way/x.env`, "read", { stands: "file" })],
  "a writable directory in one that is only read": (ws) => [
    rule(`${ws}/sub`, "read"),
    rule(`${ws}/sub/way/priv`, "write"),
  ],
};

function start(rules: readonly PathRule[], disk: "read" | "write" | "nothing") {
  const view = disk === "nothing" ? [rule("/usr", "read")] : [];
  return runBubblewrap({
    plan: plan(disk, [...view, rule(ws, "write"), ...rules], {
      links: ["bin", "lib", "lib64"].map((name) => ({
        path: `/${name}`,
        target: `usr/${name}`,
        replaceable: false,
      })),
    }),
    argv: ["/bin/echo", "ran"],
    folder: tree.folder,
  });
}

/** The names in the places that a link of the exchange leads to. */
function outside(): readonly string[] {
  return readdirSync(`${tree.root}/out`, { recursive: true, encoding: "utf8" }).sort();
}

describe.each(["read", "write", "nothing"] as const)(
  "when the plan is older than its names, disk %s,",
  (disk) => {
    for (const [kind, rules] of Object.entries(kinds)) {
      test(`${kind} is mounted where it was`, () => {
        expect(start(rules(ws), disk)).toEqual({ out: "ran\n", err: "", code: 0 });
      });

      test.each([
        ["leads outside", "../../out"],
        ["leads to where the launcher has the host", "OLDROOT"],
      ])(`${kind} on a way that ${"%s"} ends the start, and nothing is made there`, (_name, target) => {
        const before = outside();
        renameSync(`${ws}/sub/way`, `${ws}/moved`);
        symlinkSync(target === "OLDROOT" ? `/oldroot${tree.root}/out` : target, `${ws}/sub/way`);
        const { out, err } = start(rules(ws), disk);
        expect([out, err]).toEqual(["", expect.stringContaining(`cannot be mounted: ${ws}/sub/way`)]);
        expect(outside()).toEqual(before);
      });

      test(`${kind} that has gone ends the start, and is not made`, () => {
        rmSync(`${ws}/sub/way`, { recursive: true });
        mkdirSync(`${ws}/sub/way`);
        const { out, err } = start(rules(ws), disk);
        expect([out, err]).toEqual(["", expect.stringContaining("No such file or directory")]);
        expect(readdirSync(`${ws}/sub/way`)).toEqual([]);
      });
    }
  },
);
