import { expect, test } from "bun:test";
import fc from "fast-check";
import { LineSplitter, LineTooLongError } from "../../../core/transport/line-splitter.ts";

test("lines come out the same however the bytes were split", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" })), fc.array(fc.nat()), (words, cuts) => {
      const lines = words.map((word) => word.replace(/[\r\n]/g, "")).filter((word) => word.trim() !== "");
      const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
      const places = cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b);
      const splitter = new LineSplitter(1_000_000);
      const seen: string[] = [];
      let from = 0;
      for (const end of [...places, bytes.length]) {
        splitter.push(bytes.subarray(from, end), (line) => seen.push(line));
        from = end;
      }
      expect(seen).toEqual(lines);
    }),
  );
});

test("a line over the limit is refused, one at the limit is not", () => {
  const line = new TextEncoder().encode("12345");
  expect(() => new LineSplitter(5).push(line, () => {})).not.toThrow();
  expect(() => new LineSplitter(4).push(line, () => {})).toThrow(LineTooLongError);
});
