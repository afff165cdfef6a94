import { expect, test } from "bun:test";
import { addCounts, countExitCode, countTests } from "../../scripts/gate/counts.ts";

const printed = `bun test v1.4.5
(fail) 7 pass
 12 pass
 1 skip
 2 todo
 3 fail
 1 error
 40 expect() calls
Ran 18 tests across 2 files. [11.00ms]
`;

test("the counts are those that bun test prints at the end", () => {
  expect(countTests(printed, 1)).toEqual({ passed: 12, failed: 3, skipped: 3 });
});

test("a run that fails without a failed test, or ends without counts, is one failure", () => {
  expect(countTests(" 12 pass\n 0 fail\n", 1)).toEqual({ passed: 12, failed: 1, skipped: 0 });
  expect(countTests("Segmentation fault\n", 139)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test("counts add up", () => {
  const sum = addCounts(countTests(printed, 1), addCounts(countExitCode(0), countExitCode(2)));
  expect(sum).toEqual({ passed: 13, failed: 4, skipped: 3 });
});
