import { expect, test } from "bun:test";
import fc from "fast-check";
import { decodeUtf8, describeBadUtf8 } from "../../../core/transport/utf8.ts";

test("any text comes through UTF-8 unchanged, byte order marks included", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const wellFormed = text.toWellFormed();
      expect(decodeUtf8(new TextEncoder().encode(wellFormed))).toBe(wellFormed);
    }),
  );
  expect(decodeUtf8(new TextEncoder().encode("\ufeff{}"))).toBe("\ufeff{}");
});

test("bytes decode only when they are what their text encodes to", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const text = decodeUtf8(bytes);
      const again = Buffer.from(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
      expect(text !== undefined).toBe(again.equals(bytes));
    }),
  );
});

test("the first bad byte is found behind any text, genuine replacement characters too", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", "é", "€", "😀", "\ufffd", "\n", '"') }), (text) => {
      const before = Buffer.from(`${text}"`);
      const bytes = Buffer.concat([before, Buffer.from([0xff]), Buffer.from('"}')]);
      const lines = text.split("\n");
      const column = Buffer.byteLength(lines.at(-1) ?? "") + 3;
      expect(describeBadUtf8(bytes)).toBe(
        `invalid unicode code point at line ${lines.length} column ${column}`,
      );
    }),
  );
});
