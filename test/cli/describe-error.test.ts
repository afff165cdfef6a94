import { expect, test } from "bun:test";
import { describeError } from "../../cli/describe-error.ts";

test("an error is told by its message, anything else as text, always on one harmless line", () => {
  expect(describeError(new Error("no\nroom"))).toBe("no\\nroom");
  expect(describeError("gone\u001b[2J")).toBe("gone\\e[2J");
});
