import { expect, test } from "bun:test";
import { join } from "node:path";
import { knownAttacks } from "./all-attacks.ts";
import { withAttackList } from "./attack-list.ts";

test("the README lists every attack as it is: `bun test/security/try.ts --readme` writes it anew", async () => {
  const text = await Bun.file(join(import.meta.dir, "README.md")).text();
  expect(text).toBe(withAttackList(text, knownAttacks));
});

test("no two attacks have one name", () => {
  const names = knownAttacks.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
