import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { limits } from "../../../core/limits.ts";
import { failure, type Outcome, ScopeFixture } from "./scope-fixture.ts";
import { expectedWalk, type Tree } from "./walk-model.ts";

let fixture: ScopeFixture;
beforeEach(() => {
  fixture = new ScopeFixture();
});
afterEach(() => fixture[Symbol.asyncDispose]());

const defaults = {
  maxDepth: 10,
  maxDirectories: 100,
  maxEntries: 100,
  followDirectorySymlinks: false,
  pruneHiddenDirectories: false,
};

const walk = (name: string, options = {}): Promise<Outcome> =>
  fixture.call("fs/walk", { path: fixture.uri(name), options: { ...defaults, ...options } });

function makeTree(at: string, tree: Tree): void {
  mkdirSync(at);
  for (const [name, node] of Object.entries(tree)) {
    if (typeof node === "object") makeTree(`${at}/${name}`, node);
    else if (node === "file") writeFileSync(`${at}/${name}`, "");
    else
      symlinkSync(
        node === "link to file" ? "/etc/passwd" : node === "link to directory" ? "/proc" : "nowhere",
        `${at}/${name}`,
      );
  }
}

const names = fc.constantFrom("a", "b", "B", ".h", "z z", "é", "\u{1F600}", "\uFFEE", "%41");
const { tree } = fc.letrec<{ tree: Tree; node: Tree[string] }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(
      "file" as const,
      "link to file" as const,
      "link to directory" as const,
      "dangling" as const,
    ),
    tie("tree"),
  ),
  tree: fc.dictionary(names, tie("node"), { maxKeys: 5 }),
}));

describe("fs/walk", () => {
  test("lists any tree under any limits as the model does", async () => {
    let run = 0;
    const options = fc.record({
      maxDepth: fc.nat(4),
      maxDirectories: fc.integer({ min: 1, max: 6 }),
      maxEntries: fc.integer({ min: 1, max: 12 }),
      pruneHiddenDirectories: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(tree, options, async (nodes, chosen) => {
        const root = `t${run++}`;
        makeTree(fixture.path(root), nodes);
        expect(await walk(root, chosen)).toEqual({ result: expectedWalk(fixture.uri(root), nodes, chosen) });
      }),
      { numRuns: 60 },
    );
  });

  test("through links enters each real directory once, under the link's path", async () => {
    makeTree(fixture.path("t"), { d: { f: "file" } });
    symlinkSync("..", fixture.path("t/d/up"));
    symlinkSync("d", fixture.path("t/e"));
    const followed = await walk("t", { followDirectorySymlinks: true });
    const path = (name: string) => `${fixture.uri("t")}/${name}`;
    expect(followed).toEqual({
      result: {
        entries: [
          { path: path("d"), kind: "directory" },
          { path: path("e"), kind: "directory" },
          { path: path("d/f"), kind: "file" },
          { path: path("d/up"), kind: "directory" },
        ],
        errors: [],
        truncated: false,
      },
    });
  });

  test("lists a name that is not UTF-8 with its bytes", async () => {
    writeFileSync(Buffer.concat([Buffer.from(fixture.path("bad")), Buffer.from([0xff])]), "");
    expect(await walk("")).toMatchObject({
      result: { entries: [{ path: fixture.uri("bad%FF"), kind: "file" }] },
    });
  });

  test("ends at 4 MiB of answer, 64 bytes an item counted beside its path", async () => {
    // Long paths fill the answer with few files.
    let directory = "t";
    mkdirSync(fixture.path(directory));
    while (fixture.path(directory).length < 3700) {
      directory += `/${"d".repeat(250)}`;
      mkdirSync(fixture.path(directory));
    }
    const item = fixture.uri(directory).length + 1 + 100 + limits.fsWalkItemBytes;
    const fitting = Math.floor(limits.fsWalkAnswerBytes / item);
    for (let index = 0; index <= fitting; index++)
      writeFileSync(`${fixture.path(directory)}/${String(index).padStart(100, "n")}`, "");
    const { result } = (await walk(directory, { maxEntries: 50_000 })) as {
      result: { entries: unknown[]; truncated: boolean };
    };
    expect([result.entries.length, result.truncated]).toEqual([fitting, true]);
  });

  test.each([
    [{ maxDirectories: 0 }, "filesystem walk limits must be greater than zero"],
    [{ maxEntries: 0 }, "filesystem walk limits must be greater than zero"],
    [{ maxDepth: 65 }, "filesystem walk limits exceed maximums: depth=64, directories=10000, entries=50000"],
    [
      { maxDirectories: 10_001 },
      "filesystem walk limits exceed maximums: depth=64, directories=10000, entries=50000",
    ],
    [
      { maxEntries: 50_001 },
      "filesystem walk limits exceed maximums: depth=64, directories=10000, entries=50000",
    ],
  ])("with %j is refused", async (options, message) => {
    expect(await walk("", options)).toEqual(failure(-32600, message));
  });

  test("accepts every limit at its maximum", async () => {
    const maximums = { maxDepth: 64, maxDirectories: 10_000, maxEntries: 50_000 };
    expect(await walk("", maximums)).toEqual({ result: { entries: [], errors: [], truncated: false } });
  });

  test("of a file or an unfollowed link is empty, of nothing an error", async () => {
    writeFileSync(fixture.path("f"), "");
    symlinkSync(".", fixture.path("l"));
    const empty = { result: { entries: [], errors: [], truncated: false } };
    expect(await walk("f")).toEqual(empty);
    expect(await walk("l")).toEqual(empty);
    expect(await walk("nope")).toEqual(failure(-32004, "No such file or directory (os error 2)"));
  });

  test("of a plain path answers with plain paths", async () => {
    writeFileSync(fixture.path("f é"), "");
    const outcome = await fixture.call("fs/walk", { path: fixture.directory, options: defaults });
    expect(outcome).toMatchObject({ result: { entries: [{ path: fixture.path("f é"), kind: "file" }] } });
  });
});
