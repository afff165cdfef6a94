import { describe, expect, test } from "bun:test";
import { limits } from "../../../../core/limits.ts";
import { parseBounded } from "../../../../core/protocol/json/parse-bounded.ts";

const padding = " ".repeat(limits.jsonHarmlessLength);
const nested = (levels: number) => `${padding}${"[".repeat(levels)}${"]".repeat(levels)}`;

describe("a long text", () => {
  test("nested as deep as a message may be is parsed, one level more is not", () => {
    expect(() => parseBounded(nested(limits.jsonDepth))).not.toThrow();
    expect(() => parseBounded(nested(limits.jsonDepth + 1))).toThrow("levels deep");
    expect(() => parseBounded(`{"a":`.repeat(100_000))).toThrow("levels deep");
  });

  test.each(["[],", "{},", "1,"])("of more values than an answer has is not parsed, here %j", (value) => {
    const list = (count: number) => `[${value.repeat(count)}1]`;
    expect(() => parseBounded(list(limits.answerJsonValues + 1))).toThrow("values");
    expect(parseBounded(list(100_000))).toHaveLength(100_001);
  });

  test("that has brackets and commas within its strings is parsed", () => {
    const value = ["[".repeat(100_000), '\\"[,'.repeat(100_000), "\\".repeat(3), `a"${",".repeat(3e6)}`];
    expect(parseBounded(JSON.stringify(value))).toEqual(value);
  });

  test.each(["", '"', '"\\"', '["\\\\', "[1}"])("that ends in %j is no JSON", (end) => {
    expect(() => parseBounded(`${padding}${end}`)).toThrow(SyntaxError);
  });
});
