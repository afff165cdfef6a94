import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { sanitise, sanitiseLines } from "../../../cli/terminal/sanitise.ts";
import { renderTable } from "../../../cli/terminal/table.ts";

const acting = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
);

describe("text from the other side", () => {
  test("holds nothing that a terminal obeys", () => {
    fc.assert(
      fc.property(anyText, (text) => expect(sanitise(text)).not.toMatch(acting)),
      { numRuns: 500 },
    );
  });

  test("is well formed, so that writing it cannot make other bytes of it", () => {
    fc.assert(fc.property(anyText, (text) => expect(sanitise(text).isWellFormed()).toBe(true)));
  });

  test("is left alone where it is harmless", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-ascii" }), (text) => expect(sanitise(text)).toBe(text)),
    );
    expect(sanitise("héllo 漢字 🙂")).toBe("héllo 漢字 🙂");
  });

  test("of several lines keeps line ends and tabs only", () => {
    fc.assert(
      fc.property(anyText, (text) => expect(sanitiseLines(text).replace(/[\n\t]/g, "")).not.toMatch(acting)),
    );
    expect(sanitiseLines("a\tb\nc\rd")).toBe("a\tb\nc\\rd");
  });

  test("shows what was there", () => {
    expect(sanitise("a\u001b[31m\u0007\u009b\u202e\n")).toBe("a\\e[31m\\x07\\x9b\\u202e\\n");
  });
});

test("a table has one line a row and only safe cells", () => {
  fc.assert(
    fc.property(fc.array(fc.array(anyText, { minLength: 2, maxLength: 2 }), { maxLength: 5 }), (rows) => {
      const text = renderTable(rows);
      expect(text.split("\n")).toHaveLength(rows.length + 1);
      expect(text.replaceAll("\n", "")).not.toMatch(acting);
    }),
  );
});
