import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./source-imports.ts";

const documents = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "core/protocol/CLIENTS.md"];

test.each(documents)("every file that %s names is there", async (name) => {
  const text = await Bun.file(join(root, name)).text();
  const quoted = [...text.matchAll(/[`(]((?:cli|core|scripts|test|\.ci)\/[\w./-]+)[`)]/g)].map(
    ([, path]) => path,
  );
  expect(quoted.filter((path) => path !== undefined && !existsSync(join(root, path)))).toEqual([]);
});

test("the lock files name no registry host, so that any registry serves", async () => {
  for (const name of ["bun.lock", "test/conformance/bun.lock", "test/older-clients/bun.lock"]) {
    const file = Bun.file(join(root, name));
    if (await file.exists()) expect(await file.text()).not.toMatch(/https?:\/\//);
  }
});

test("dependencies are pinned to one version each", async () => {
  const { dependencies, devDependencies } = await Bun.file(join(root, "package.json")).json();
  const versions: string[] = Object.values({ ...dependencies, ...devDependencies });
  expect(versions.filter((version) => !/^\d/.test(version))).toEqual([]);
});
