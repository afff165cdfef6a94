import { expect, test } from "bun:test";
import { linkSync, mkdirSync } from "node:fs";
import { caseFinder } from "../../../../core/sandbox/host/folds-case.ts";
import { Workspace } from "../plan/workspace.ts";

// That it is told of a file system that folds is shown by the attacks, which mount one.
test("names of an ordinary disk are told apart by case", () => {
  using workspace = new Workspace();
  const { ws, out } = workspace;
  mkdirSync(`${ws}/A.TXT`);
  linkSync(`${out}/o.txt`, `${out}/O.TXT`);
  mkdirSync(`${ws}/1/2`, { recursive: true });
  for (const path of [
    `${ws}/a.txt`,
    `${out}/o.txt`,
    `${ws}/1/2/3`,
    `${ws}/no/such/place`,
    `${ws}/a.txt/x`,
    "/x",
  ])
    expect([path, caseFinder()(path)]).toEqual([path, false]);
});
