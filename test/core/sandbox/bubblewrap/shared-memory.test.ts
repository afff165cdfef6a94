import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import type { PathRule } from "../../../../core/sandbox/plan/sandbox-plan.ts";
import { type FixtureTree, fixtureTree } from "./fixture-tree.ts";
import { plan, rule } from "./hand-made-plan.ts";
import { runBubblewrap } from "./run-bubblewrap.ts";

let tree: FixtureTree;
let ws: string;
beforeEach(async () => {
  tree = await fixtureTree();
  ws = mkdtempSync("/dev/shm/shared-memory-");
  mkdirSync(`${ws}/way`);
  writeFileSync(`${ws}/way/x.env`, "secret");
  mkdirSync(`${ws}/out`);
});
afterEach(() => {
  tree[Symbol.dispose]();
  rmSync(ws, { recursive: true });
});

const links = ["bin", "lib", "lib64"].map((name) => ({
  path: `/${name}`,
  target: `usr/${name}`,
  replaceable: false,
}));
const script = 'cd "$0" && cat way/x.env; echo y > new; echo z > held/z; ls /dev/shm | wc -l';

function start(disk: "read" | "write" | "nothing", above: readonly PathRule[] = []) {
  const rules = [
    rule(ws, "write"),
    rule(`${ws}/way/x.env`, "deny", { stands: "file", why: "glob" }),
    rule(`${ws}/held`, "read"),
    ...above,
  ];
  mkdirSync(`${ws}/held`, { recursive: true });
  const view = disk === "nothing" ? [rule("/usr", "read")] : [];
  return runBubblewrap({
    plan: plan(disk, [...view, ...rules], { links }),
    argv: ["/bin/sh", "-c", script, ws],
    folder: tree.folder,
  });
}

describe.each(["read", "write", "nothing"] as const)(
  "a workspace in the host's shared memory, disk %s,",
  (disk) => {
    test("is what its rules say", () => {
      const { out, err, code } = start(disk);
      expect([out.trim() === "1", code]).toEqual([disk !== "write", 0]);
      expect(err).toContain("way/x.env: Permission denied");
      expect(err).toContain("held/z: Read-only file system");
      expect(readdirSync(ws)).toContain("new");
    });

    test("is what its rules say where all of the memory has one", () => {
      for (const access of ["read", "write", "deny"] as const) {
        const { err, code } = start(disk, [rule("/dev/shm", access)]);
        expect([access, code, err.includes("x.env: Permission denied")]).toEqual([access, 0, true]);
        expect(err).toContain("held/z: Read-only file system");
      }
    });

    test("with a link on the way of a rule ends the start, and nothing is made there", () => {
      renameSync(`${ws}/way`, `${ws}/moved`);
      symlinkSync("out", `${ws}/way`);
      const { out, err } = start(disk);
      expect([out, err]).toEqual(["", expect.stringContaining(`cannot be mounted: ${ws}/way`)]);
      expect(readdirSync(`${ws}/out`)).toEqual([]);
    });
  },
);

describe.each(["read", "nothing"] as const)("a file denied in the host's shared memory, disk %s,", (disk) => {
  test("is masked in the sandbox's own", () => {
    writeFileSync(`${ws}.env`, "secret");
    const view = disk === "nothing" ? [rule("/usr", "read")] : [];
    const denied = rule(`${ws}.env`, "deny", { stands: "file", why: "glob" });
    const { out, err } = runBubblewrap({
      plan: plan(disk, [...view, denied], { links }),
      argv: ["/usr/bin/cat", `${ws}.env`],
      folder: tree.folder,
    });
    rmSync(`${ws}.env`);
    expect([out, err]).toEqual(["", expect.stringMatching(/Permission denied|No such file/)]);
  });
});
