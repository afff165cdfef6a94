import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { explainRefusal } from "../../../../core/sandbox/host/explain-refusal.ts";
import { fixtureTree } from "./fixture-tree.ts";
import { plan, rule } from "./hand-made-plan.ts";
import { runBubblewrap } from "./run-bubblewrap.ts";

const python = "/usr/bin/python3";
const hasPython = Bun.spawnSync([python, "--version"]).exitCode === 0;
if (!hasPython) console.log("skipped: there is no python3 here to take calls away");

/** System calls that came with Linux 5.12 and 5.2; the same numbers on x86-64 and arm64. */
const mountSetattr = 442;
const openTree = 428;

async function startWithout(call: number, disk: "read" | "write") {
  using tree = await fixtureTree();
  const ws = `${tree.root}/ws`;
  const rules = [
    rule(ws, "write"),
    rule(`${ws}/.git`, "read"),
    rule(`${ws}/priv`, "deny"),
    rule(`${ws}/priv/way/open`, "write"),
    rule(`${ws}/sub/deep/x.env`, "deny", { stands: "file" }),
  ];
  const places = [".git", "priv", "priv/way/open", "sub"].map((name) => `${ws}/${name}`);
  const attempt = `for at in "$@"; do touch "$at/new" 2>/dev/null && echo yes || echo no; done; cat ${ws}/sub/deep/x.env`;
  return runBubblewrap({
    plan: plan(disk, rules),
    argv: ["/bin/sh", "-c", attempt, "sh", ...places],
    folder: tree.folder,
    before: [python, "-ISE", join(import.meta.dir, "fixtures/without-call.py"), `${call}`],
  });
}

describe.if(hasPython).each(["read", "write"] as const)("on an older kernel, disk %s,", (disk) => {
  test("mounts are closed and opened the older way", async () => {
    const { out, err } = await startWithout(mountSetattr, disk);
    expect(out).toBe("no\nno\nyes\nyes\n");
    expect(err).toContain("x.env: Permission denied");
  });

  test("which copies no mounts nothing is run", async () => {
    const { out, err } = await startWithout(openTree, disk);
    expect([out, err]).toEqual([
      "",
      expect.stringMatching(/cannot be mounted: \/.*: Function not implemented/),
    ]);
    expect(explainRefusal(err.trim())).toStartWith("this system does not mount by descriptor");
  });
});
