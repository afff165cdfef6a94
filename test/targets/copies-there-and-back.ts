import { expect } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TargetFixture } from "./target-fixture.ts";

/** Takes 2.5 MB to `web` and back, and looks that they are the same. */
export async function copiesThereAndBack({ home, run }: TargetFixture): Promise<void> {
  const bytes = crypto.getRandomValues(new Uint8Array(65_536));
  const [there, back] = [join(home, "there"), join(home, "back")];
  writeFileSync(there, Buffer.concat(Array<Uint8Array>(40).fill(bytes)));
  expect(await run("cp", there, "web:/tmp/a file")).toMatchObject({ code: 0 });
  expect(await run("cp", "web:/tmp/a file", back)).toMatchObject({ code: 0 });
  expect(readFileSync(back).equals(readFileSync(there))).toBe(true);
}
