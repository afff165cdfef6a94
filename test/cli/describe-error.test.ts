import { expect, test } from "bun:test";
import { describeError, printable } from "../../cli/describe-error.ts";

test("control characters, which could drive a terminal, are spelled out", () => {
  expect(printable("a\u001b[2Jb\r\nc\u009b\u202ed")).toBe("a\\u{1b}[2Jb\\u{d}\\u{a}c\\u{9b}\\u{202e}d");
});

test("other text is left alone", () => {
  expect(printable("grün 你好 🙂")).toBe("grün 你好 🙂");
});

test("an error is told by its message, anything else as text", () => {
  expect(describeError(new Error("no\nroom"))).toBe("no\\u{a}room");
  expect(describeError("gone")).toBe("gone");
});
