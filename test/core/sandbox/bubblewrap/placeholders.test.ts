import { describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { missingBelowWritable } from "../../../../core/sandbox/bubblewrap/mount-points.ts";
import { fixtureTree } from "./fixture-tree.ts";
import { plan, rule } from "./hand-made-plan.ts";
import { runBubblewrap } from "./run-bubblewrap.ts";

describe("a missing path that the program must not make", () => {
  test("is one below something writable; elsewhere nobody can make it", () => {
    const missing = { stands: "missing" } as const;
    const later = rule("/w/later/x", "deny", missing);
    const git = rule("/w/.git", "read", { ...missing, why: "protected" });
    const rules = [
      rule("/w", "write"),
      later,
      git,
      rule("/w/gone", "write", missing),
      rule("/w/ro", "read"),
      rule("/w/ro/x", "deny", missing),
      rule("/else", "deny", missing),
    ];
    expect(missingBelowWritable(plan("read", rules))).toEqual([git, later]);
    expect(missingBelowWritable(plan("write", [rule("/else", "deny", missing)]))).toHaveLength(1);
  });

  test("stays as it is behind its placeholder", async () => {
    using tree = await fixtureTree();
    const ws = `${tree.root}/ws`;
    const sandbox = plan("read", [
      rule(ws, "write"),
      rule(`${ws}/.codex`, "read", { stands: "missing", why: "protected" }),
      rule(`${ws}/later/x`, "deny", { stands: "missing" }),
      rule(`${ws}/later/y`, "read", { stands: "missing" }),
    ]);
    mkdirSync(`${ws}/.codex`);
    writeFileSync(`${ws}/later`, "");
    const script = `cd ${ws}; mkdir .codex/x; rmdir .codex; mv .codex else; ls .codex; mkdir -p later/x; cat later; rm -f later; mv later else; echo made > fine; cat fine`;
    const { out, err } = runBubblewrap({
      plan: sandbox,
      argv: ["/bin/sh", "-c", script],
      folder: tree.folder,
      launch: {
        placeholders: new Map([
          [`${ws}/.codex`, { path: `${ws}/.codex`, stands: "directory" }],
          [`${ws}/later/x`, { path: `${ws}/later`, stands: "file" }],
          [`${ws}/later/y`, { path: `${ws}/later`, stands: "file" }],
        ]),
      },
    });
    expect(out).toBe("made\n");
    expect(
      err
        .trim()
        .split("\n")
        .map((line) => line.split(": ").at(-1)),
    ).toEqual([
      "Read-only file system",
      "Device or resource busy",
      "Device or resource busy",
      "Not a directory",
      "Permission denied",
      "Device or resource busy",
      "Device or resource busy",
    ]);
  });

  test("needs none where the account can make nothing whatever the profile says", async () => {
    using tree = await fixtureTree(process.geteuid?.() === 0);
    const path = "/of-a-test/x";
    const sandbox = plan("write", [rule(path, "deny", { stands: "missing" })]);
    const { out, code } = runBubblewrap({
      plan: sandbox,
      argv: ["/bin/sh", "-c", "mkdir /of-a-test || echo refused"],
      folder: tree.folder,
      launch: { placeholders: new Map([[path, { path: "/", stands: "closed" }]]) },
      asPlainUser: process.geteuid?.() === 0,
    });
    expect([out, code]).toEqual(["refused\n", 0]);
  });

  test("is not needed in a directory of somebody else's, which cannot be moved away then", async () => {
    using tree = await fixtureTree();
    const ws = `${tree.root}/ws`;
    const path = `${ws}/sub/deep/later`;
    const run = (closed: string) =>
      runBubblewrap({
        plan: plan("read", [rule(ws, "write"), rule(path, "deny", { stands: "missing" })]),
        argv: ["/bin/sh", "-c", `cd ${ws}; mv sub/deep sub/gone; mv sub gone; mv a.txt b.txt && ls`],
        folder: tree.folder,
        launch: { placeholders: new Map([[path, { path: closed, stands: "closed" }]]) },
      });
    const { out, err } = run(`${ws}/sub/deep`);
    expect(out).toBe("b.txt\npriv\nro\nsub\n");
    expect(err.split("\n").filter((line) => line.includes("Device or resource busy"))).toHaveLength(2);
  });

  test("is refused without a placeholder, or with one that does not stand there", async () => {
    using tree = await fixtureTree();
    const path = "/w/later/x";
    const sandbox = plan("read", [rule("/w", "write"), rule(path, "deny", { stands: "missing" })]);
    const run = (at?: string) =>
      runBubblewrap({
        plan: sandbox,
        argv: ["true"],
        folder: tree.folder,
        launch: {
          placeholders: new Map(at === undefined ? [] : [[path, { path: at, stands: "file" as const }]]),
        },
      });
    expect(() => run()).toThrow("nothing stands at /w/later/x");
    expect(() => run("/w/late")).toThrow("/w/late does not keep /w/later/x from being made");
  });
});
