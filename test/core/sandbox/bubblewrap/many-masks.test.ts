import { describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { bubblewrapArguments } from "../../../../core/sandbox/bubblewrap/bubblewrap-arguments.ts";
import { fixtureTree } from "./fixture-tree.ts";
import { plan, rule } from "./hand-made-plan.ts";
import { runBubblewrap } from "./run-bubblewrap.ts";

function denied(path: string) {
  return rule(path, "deny", { stands: "file", why: "glob" });
}

describe("masks of many files", () => {
  test("take no descriptor each: 700 of them start", async () => {
    using tree = await fixtureTree();
    const folder = `${tree.root}/ws/many`;
    mkdirSync(folder);
    const paths = Array.from({ length: 700 }, (_, index) => `${folder}/${index}.env`);
    for (const path of paths) writeFileSync(path, "secret");
    const sandbox = plan("read", [rule(`${tree.root}/ws`, "write"), ...paths.map(denied)]);
    const { out, err, code } = runBubblewrap({
      plan: sandbox,
      argv: ["/bin/sh", "-c", `cat ${folder}/*; ls ${folder} | wc -l`],
      folder: tree.folder,
    });
    expect([out.trim(), code]).toEqual(["700", 0]);
    expect(err.match(/Permission denied/g)).toHaveLength(700);
    // bubblewrap reads the whole table of mounts after each: about 0.8 s here, and 7 s for 2,000.
  }, 30_000);

  test("are refused beyond what bubblewrap takes, and made up to that", async () => {
    const launch = {
      seccompDescriptor: 3,
      maskFile: "/mask",
      placeholders: new Map(),
      descriptors: new Map(),
      newSession: true,
    };
    const withMasks = (count: number) =>
      bubblewrapArguments(
        plan(
          "read",
          Array.from({ length: count }, (_, index) => denied(`/w/${index}`)),
        ),
        launch,
      );
    const other = withMasks(0).length;
    const most = Math.floor((8_900 - other) / 3);
    expect(withMasks(most).length).toBeLessThanOrEqual(8_900);
    expect(() => withMasks(most + 1)).toThrow(`${most + 1} paths have rules of their own`);
  });
});
