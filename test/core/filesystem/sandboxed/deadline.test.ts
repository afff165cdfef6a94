import { expect, test } from "bun:test";
import { deadlineSince, leftOf } from "../../../../core/filesystem/sandboxed/pool/deadline.ts";
import { limits } from "../../../../core/limits.ts";

const minute = 60_000;

test("the time of a request counts from when it was asked", () => {
  const left = leftOf(deadlineSince(performance.now() - 20_000, minute));
  expect(left).toBeGreaterThan(39_000);
  expect(left).toBeLessThanOrEqual(40_000);
});

test("one whose turn comes late has a little left, and not the whole again", () => {
  const left = leftOf(deadlineSince(performance.now() - 2 * minute, minute));
  expect(left).toBeGreaterThan(limits.fsHelperLateMs - 1_000);
  expect(left).toBeLessThanOrEqual(limits.fsHelperLateMs);
});

test("that is never more than a request may take", () => {
  expect(leftOf(deadlineSince(performance.now() - minute, 100))).toBeLessThanOrEqual(100);
});

test("of one that is over nothing is left", () => {
  expect(leftOf({ at: performance.now() - 1, ms: minute })).toBe(0);
});
