import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { releaseProgramCode } from "../../../core/host/program-code.ts";

function mappedKiB(): number {
  return Number(/^RssFile:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "latin1"))?.[1]);
}

test("the program's code leaves memory, and comes back where it is needed", async () => {
  const before = mappedKiB();
  await releaseProgramCode();
  const after = mappedKiB();
  expect(after).toBeLessThan(0.7 * before);
  const text = JSON.stringify(Array.from({ length: 1_000 }, (_, index) => ({ index })));
  expect(JSON.parse(text)).toHaveLength(1_000);
  expect(new Bun.CryptoHasher("sha256").update("").digest("hex")).toStartWith("e3b0c442");
});
