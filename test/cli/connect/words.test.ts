import { expect, test } from "bun:test";
import fc from "fast-check";
import { OpenQuoteError, quoteWord, splitWords } from "../../../cli/connect/words.ts";

test.each([
  ["", []],
  ["  a  b ", ["a", "b"]],
  ["'a b' \"c d\" e\\ f", ["a b", "c d", "e f"]],
  ["''", [""]],
  ["a'b'\"c\"", ["abc"]],
] as const)("%j is cut into %j", (text, words) => expect(splitWords(text)).toEqual([...words]));

test("a quoted word is read back as it was", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme", minLength: 1 })), (words) => {
      const plain = words.filter((word) => !/[\n\r]/.test(word));
      expect(splitWords(plain.map(quoteWord).join(" "))).toEqual(plain);
    }),
  );
});

test("a quote without its end is told", () => expect(() => splitWords("a 'b")).toThrow(OpenQuoteError));
