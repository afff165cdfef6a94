import { expect, test } from "bun:test";
import { join } from "node:path";
import { Glob } from "bun";
import { limits } from "../../core/limits.ts";
import { root } from "./source-imports.ts";

test("every limit is a whole positive number", () => {
  const wrong = Object.entries(limits).filter(([, value]) => !Number.isSafeInteger(value) || value <= 0);
  expect(wrong).toEqual([]);
});

test("every limit is kept by some code of the product", async () => {
  const unused = new Set(Object.keys(limits));
  for await (const name of new Glob("{cli,core}/**/*.ts").scan({ cwd: root })) {
    if (name === "core/limits.ts") continue;
    const text = await Bun.file(join(root, name)).text();
    for (const [word] of text.matchAll(/\b\w+\b/g)) unused.delete(word);
  }
  expect([...unused]).toEqual([]);
});

test("every limit stands below a comment that gives its unit and its reason", async () => {
  const text = await Bun.file(join(root, "core/limits.ts")).text();
  const body = text.slice(text.indexOf("export const limits"));
  // Limits that belong together share the comment above the first.
  const [, ...groups] = body.split(/^ {2}\/\*\*[\s\S]*?\*\/\n/m);
  const described = groups.flatMap((group) => [...group.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name));
  expect(described).toEqual(Object.keys(limits));
});
