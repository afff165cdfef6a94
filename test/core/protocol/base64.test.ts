import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Base64Error, decodeBase64, encodeBase64 } from "../../../core/protocol/base64.ts";
import { base64Fault } from "../../../core/protocol/base64-fault.ts";

function failureOf(text: string): string {
  try {
    decodeBase64(text);
    return "none";
  } catch (error) {
    if (error instanceof Base64Error) return error.message;
    throw error;
  }
}

describe("decodeBase64", () => {
  test("any bytes, come back from their encoding", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(Buffer.from(decodeBase64(encodeBase64(bytes)))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test("any text, decoded exactly when it is the canonical encoding of something, else a fault is named", () => {
    const symbol = fc.constantFrom(..."ABQRgw09+/====-_ \n!é");
    fc.assert(
      fc.property(fc.string({ unit: symbol, maxLength: 12 }), (text) => {
        const canonical = Buffer.from(text, "base64").toString("base64") === text;
        const failure = failureOf(text);
        expect([text, failure === "none"]).toEqual([text, canonical]);
        expect([text, base64Fault(Buffer.from(text))]).toEqual([text, canonical ? null : failure]);
      }),
      { numRuns: 2_000 },
    );
  });

  const faults: [string, string][] = [
    ["!!!", "Invalid symbol 33, offset 0."],
    ["_-8=", "Invalid symbol 95, offset 0."],
    ["YQ==\n", "Invalid symbol 10, offset 4."],
    ["YQ", "Invalid padding"],
    ["YR==", "Invalid last symbol 82, offset 1."],
    ["YQ===", "Invalid symbol 61, offset 2."],
    ["YQ==YQ==", "Invalid symbol 61, offset 2."],
    ["A", "Invalid input length: 1"],
    ["AAAAA", "Invalid input length: 5"],
    ["A=", "Invalid symbol 61, offset 1."],
    ["AA=A", "Invalid symbol 61, offset 2."],
    ["AAAé", "Invalid symbol 169, offset 4."],
  ];
  for (const [text, failure] of faults) {
    test(`${JSON.stringify(text)} fails with ${failure}`, () => expect(failureOf(text)).toBe(failure));
  }
});
