import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { limits } from "../../../../core/limits.ts";
import { JsonSyntaxError } from "../../../../core/protocol/json/json-syntax-error.ts";
import { type JsonValue, NonInteger } from "../../../../core/protocol/json/json-value.ts";
import { parseJson } from "../../../../core/protocol/json/parse.ts";
import { stringifyJson } from "../../../../core/protocol/json/stringify.ts";

/** The same value with ordinary objects and numbers, for comparison with JSON.parse. */
function ordinary(value: JsonValue): unknown {
  if (value instanceof NonInteger) return Number(value.text);
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(ordinary);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, ordinary(member)]));
}

function messageOf(text: string): string {
  try {
    parseJson(text);
    return "parses";
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error.message;
    throw error;
  }
}

describe("parseJson", () => {
  test("any JSON value, same as JSON.parse", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(ordinary(parseJson(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  test("any well-formed string of any length, same as JSON.parse", () => {
    const unit = fc.oneof(
      fc.constantFrom('"', "\\", "\n", "é", "🎉", "\u2028", "a".repeat(100)),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 40 }), (units) => {
        const text = units.join("").toWellFormed();
        expect(parseJson(JSON.stringify([text, text]))).toEqual([text, text]);
      }),
    );
  });

  test("a text with a character changed, refused exactly when JSON.parse refuses it", () => {
    const damage = fc.constantFrom(...'{}[]",:\\ \n0159-+.eEtfnul\u0001é');
    fc.assert(
      fc.property(fc.json(), fc.nat(), damage, (text, at, character) => {
        const place = at % (text.length + 1);
        const damaged = text.slice(0, place) + character + text.slice(place + 1);
        const verdict = messageOf(damaged);
        // The dialect refuses more: repeated keys and half characters.
        fc.pre(!/^duplicate|surrogate|unexpected end of hex/.test(verdict));
        let natively = true;
        try {
          JSON.parse(damaged);
        } catch {
          natively = false;
        }
        expect([damaged, verdict === "parses"]).toEqual([damaged, natively]);
      }),
      { numRuns: 500 },
    );
  });

  test("integers of 64 bits, exact and written back exactly", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), (value) => {
        const parsed = parseJson(`${value}`);
        expect(BigInt(parsed as number | bigint)).toBe(value);
        expect(typeof parsed).toBe(Number.isSafeInteger(Number(value)) ? "number" : "bigint");
        expect(stringifyJson({ a: [parsed] })).toBe(`{"a":[${value}]}`);
      }),
    );
  });

  for (const text of ["1.0", "1e0", "-0.5", "18446744073709551616", "-9223372036854775809", "1E400"]) {
    test(`${text} is no integer of 64 bits, its text is kept`, () => {
      expect(parseJson(text)).toEqual(new NonInteger(text));
    });
  }

  test("keys that objects inherit elsewhere are only keys", () => {
    const parsed = parseJson('{"__proto__":{"polluted":1},"constructor":2,"toString":3}');
    expect(Object.keys(parsed as object)).toEqual(["__proto__", "constructor", "toString"]);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  test("a repeated key, refused wherever it stands and however it is escaped", () => {
    expect(messageOf('{"a":1,"a":2}')).toBe("duplicate JSON object key `a` at line 1 column 10");
    expect(messageOf('[{"x":[{"é":1,\n"\\u00e9":2}]}]')).toBe(
      "duplicate JSON object key `é` at line 2 column 8",
    );
    expect(messageOf('{"__proto__":1,"__proto__":2}')).toStartWith("duplicate JSON object key `__proto__`");
  });

  test("nesting at the limit parses, one deeper is refused", () => {
    const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    expect(messageOf(nested(limits.jsonDepth - 1))).toBe("parses");
    expect(messageOf(nested(limits.jsonDepth))).toBe("parses");
    expect(messageOf(nested(limits.jsonDepth + 1))).toBe("recursion limit exceeded at line 1 column 128");
    expect(messageOf("[".repeat(1_000_000))).toStartWith("recursion limit exceeded");
  });

  test("values at the limit parse, one more is refused", () => {
    const withValues = (count: number) => `[${"1,".repeat(count - 2)}1]`;
    expect(messageOf(withValues(limits.jsonValues - 1))).toBe("parses");
    expect(messageOf(withValues(limits.jsonValues))).toBe("parses");
    expect(messageOf(withValues(limits.jsonValues + 1))).toBe(
      "JSON-RPC message exceeds the limit of 262144 JSON values at line 1 column 524287",
    );
  });

  test("columns count bytes, lines count newlines", () => {
    expect(messageOf('\n\n ["é☃🎉" x')).toBe("expected `,` or `]` at line 3 column 15");
    expect(messageOf("[1,\n\n")).toBe("EOF while parsing a value at line 3 column 0");
    expect(messageOf("1\n2")).toBe("trailing characters at line 2 column 1");
  });

  test("a string of 12 MiB in well under the time of reading it unit by unit", () => {
    const text = `{"data":"${"A".repeat(12 << 20)}"}`;
    const started = performance.now();
    const parsed = parseJson(text) as { readonly data: string };
    expect(parsed.data.length).toBe(12 << 20);
    expect(performance.now() - started).toBeLessThan(250);
  });

  test("many long strings and one far backslash, in time proportional to the text", () => {
    const text = `[${`"${"x".repeat(300)}",`.repeat(50_000)}"\\n"]`;
    const started = performance.now();
    parseJson(text);
    expect(performance.now() - started).toBeLessThan(1_500);
  });
});

describe("stringifyJson", () => {
  test("any value without bigints, same as JSON.stringify", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => expect(stringifyJson(value)).toBe(JSON.stringify(value))),
    );
  });

  test("bigints anywhere, exact, undefined members left out", () => {
    const value = { a: [1n, undefined, "x"], b: { c: 18446744073709551615n, d: undefined } };
    expect(stringifyJson(value)).toBe('{"a":[1,null,"x"],"b":{"c":18446744073709551615}}');
  });
});
