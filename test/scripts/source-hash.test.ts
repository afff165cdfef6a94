import { expect, test } from "bun:test";
import { ingredients, sourceHash } from "../../scripts/binary/source-hash.ts";

test("a build looks at every source of the binary, and at how it is made", async () => {
  const names = await ingredients();
  for (const name of [
    "cli/main.ts",
    "cli/serve/command.ts",
    "core/limits.ts",
    "core/process/local/guardian/guardian.c",
    "scripts/binary/compile.ts",
    "scripts/toolchain/bun.txt",
    "package.json",
  ]) {
    expect(names).toContain(name);
  }
  expect(names.filter((name) => name.startsWith("test/"))).toEqual([]);
});

test("the hash of unchanged sources is stable", async () => {
  expect(await sourceHash()).toBe(await sourceHash());
});
