import { expect, test } from "bun:test";
import fc from "fast-check";
import { failedSandboxPart, StageStatusDecoder } from "../../../../core/sandbox/launch/stage-status.ts";

const words = (...numbers: readonly number[]) => new Uint8Array(new Int32Array(numbers).buffer);
const told = Buffer.concat([words(1, 2, 0), words(2, 13, 2), words(9, 9, 9), words(3, 143, 15)]);

test("what a stage tells is read the same however its bytes arrive; what is not known is passed over", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: told.length }), { maxLength: 8 }), (cuts) => {
      const decoder = new StageStatusDecoder();
      const ends = [...cuts.sort((a, b) => a - b), told.length];
      const read = ends.flatMap((end, index) => [
        ...decoder.decode(told.subarray(ends[index - 1] ?? 0, end)),
      ]);
      expect(read).toEqual([
        { kind: "started", pid: 2 },
        { kind: "failed", errno: 13, stage: 2 },
        { kind: "exited", code: 143 },
      ]);
    }),
  );
});

test("a stage from 4 on is a part of the sandbox, one before it the command's", () => {
  expect([1, 2, 3].map(failedSandboxPart)).toEqual([undefined, undefined, undefined]);
  for (const stage of [4, 5, 6, 7, 8, 9]) expect(failedSandboxPart(stage)).toBeString();
});
