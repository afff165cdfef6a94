import { expect, test } from "bun:test";
import { borrowBytes } from "../../../core/filesystem/scratch.ts";
import { limits } from "../../../core/limits.ts";
import { ok, ScopeFixture } from "./scope-fixture.ts";

test("bytes that are lent are lent to nobody else, and come back afterwards", () => {
  const first = borrowBytes(1000);
  const second = borrowBytes(1000);
  expect(second.bytes.buffer).not.toBe(first.bytes.buffer);
  first[Symbol.dispose]();
  second[Symbol.dispose]();
  using third = borrowBytes(10);
  expect(third.bytes.buffer).toBe(first.bytes.buffer);
});

test("more bytes than are kept are still given", () => {
  using large = borrowBytes(limits.fsScratchBytes + 1);
  expect(large.bytes.byteLength).toBe(limits.fsScratchBytes + 1);
});

test("large writes of several connections at once do not mix their contents", async () => {
  await using one = new ScopeFixture();
  await using two = new ScopeFixture();
  const writes = [one, two].flatMap((fixture, index) =>
    [0, 1, 2].map((turn) => fixture.writeFile(`f${turn}`, Buffer.alloc(1_000_000 + turn, 10 * index + turn))),
  );
  expect(await Promise.all(writes)).toEqual(writes.map(() => ok));
  for (const [index, fixture] of [one, two].entries()) {
    for (const turn of [0, 1, 2]) {
      const content = Buffer.from(await Bun.file(fixture.path(`f${turn}`)).arrayBuffer());
      expect(content.equals(Buffer.alloc(1_000_000 + turn, 10 * index + turn))).toBe(true);
    }
  }
});
