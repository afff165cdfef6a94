import { expect, test } from "bun:test";
import { anyOf } from "../../../cli/arguments/any-of.ts";

test.each([
  [["a"], "a"],
  [["a", "b"], "a or b"],
  [["a", "b", "c"], "a, b or c"],
])("%p is read as a list", (words, list) => expect(anyOf(words)).toBe(list));
