import { describe, expect, test } from "bun:test";
import { closeSync, renameSync, symlinkSync } from "node:fs";
import { boundPaths } from "../../../../core/sandbox/bubblewrap/bound-paths.ts";
import { bubblewrapArguments } from "../../../../core/sandbox/bubblewrap/bubblewrap-arguments.ts";
import { openBoundPaths } from "../../../../core/sandbox/bubblewrap/open-bound-paths.ts";
import { type FixtureTree, fixtureTree } from "./fixture-tree.ts";
import { plan, rule } from "./hand-made-plan.ts";
import { runBubblewrap } from "./run-bubblewrap.ts";

const help = Bun.spawnSync(["bwrap", "--help"]).stdout.toString();
const hasDescriptors = help.includes("--bind-fd");
if (!hasDescriptors) console.error("bwrap has no --bind-fd here: exchanged names are not tried");

/** Binds by descriptors that were opened before `exchange`, and lists the workspace's subdirectory inside. */
function listed(tree: FixtureTree, exchange: () => void): { out: string; err: string; code: number | null } {
  const ws = `${tree.root}/ws`;
  const sandbox = plan("read", [
    rule(ws, "write"),
    rule(`${ws}/.git`, "read", { why: "protected" }),
    rule(`${ws}/sub/deep`, "deny"),
  ]);
  const launch = { seccompDescriptor: 3, maskFile: "/mask", placeholders: new Map(), newSession: true };
  const paths = boundPaths(bubblewrapArguments(sandbox, { ...launch, descriptors: new Map() }));
  expect(paths).toEqual([ws, `${ws}/sub`, `${ws}/.git`]);
  const opened = openBoundPaths(paths);
  try {
    exchange();
    return runBubblewrap({
      plan: sandbox,
      argv: ["/bin/ls", `${ws}/sub`],
      folder: tree.folder,
      launch: { descriptors: new Map([...opened.keys()].map((path, index) => [path, 5 + index])) },
      descriptors: [...opened.values()],
    });
  } finally {
    for (const descriptor of opened.values()) closeSync(descriptor);
  }
}

describe.if(hasDescriptors)("a bound path that is handed over as a descriptor", () => {
  test("is mounted while its name means it", async () => {
    using tree = await fixtureTree();
    expect(listed(tree, () => {})).toEqual({ out: "deep\ny.txt\n", err: "", code: 0 });
  });

  test("ends the start when its name has become a link to something else", async () => {
    using tree = await fixtureTree();
    const { out, code } = listed(tree, () => {
      renameSync(`${tree.root}/ws/sub`, `${tree.root}/ws/moved`);
      symlinkSync("../out", `${tree.root}/ws/sub`);
    });
    expect([out, code]).toEqual(["", 1]);
  });

  test("may be a file", async () => {
    using tree = await fixtureTree();
    const file = `${tree.root}/ws/a.txt`;
    const opened = openBoundPaths([file]);
    try {
      const { out, err } = runBubblewrap({
        plan: plan("read", [rule(file, "write", { stands: "file" })]),
        argv: ["/bin/sh", "-c", `echo more >> ${file}; cat ${file}`],
        folder: tree.folder,
        launch: { descriptors: new Map([[file, 5]]) },
        descriptors: [...opened.values()],
      });
      expect([out, err]).toEqual(["ws/a.txtmore\n", ""]);
    } finally {
      for (const descriptor of opened.values()) closeSync(descriptor);
    }
  });
});

describe("opening what is to be bound", () => {
  test("is refused for what has gone, and for what leads elsewhere", async () => {
    using tree = await fixtureTree();
    symlinkSync("ws", `${tree.root}/link`);
    expect(() => openBoundPaths([`${tree.root}/ws`, `${tree.root}/gone`])).toThrow(
      "has changed at its start",
    );
    expect(() => openBoundPaths([`${tree.root}/link/sub`])).toThrow(`it leads to ${tree.root}/ws/sub`);
  });
});
