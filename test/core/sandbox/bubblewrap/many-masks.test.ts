import { describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { fixtureTree } from "./fixture-tree.ts";
import { plan, rule } from "./hand-made-plan.ts";
import { runBubblewrap } from "./run-bubblewrap.ts";

function denied(path: string) {
  return rule(path, "deny", { stands: "file", why: "glob" });
}

describe("masks of many files", () => {
  test("take no descriptor each, and no look at all the others: 5,000 of them start", async () => {
    using tree = await fixtureTree();
    const folder = `${tree.root}/ws/many`;
    mkdirSync(folder);
    const paths = Array.from({ length: 5_000 }, (_, index) => `${folder}/${index}.env`);
    for (const path of paths) writeFileSync(path, "secret");
    const sandbox = plan("read", [rule(`${tree.root}/ws`, "write"), ...paths.map(denied)]);
    const { out, err, code } = runBubblewrap({
      plan: sandbox,
      argv: ["/bin/sh", "-c", `cat ${folder}/*; ls ${folder} | wc -l`],
      folder: tree.folder,
    });
    expect([out.trim(), code]).toEqual(["5000", 0]);
    expect(err.match(/Permission denied/g)).toHaveLength(5_000);
  }, 30_000);
});
