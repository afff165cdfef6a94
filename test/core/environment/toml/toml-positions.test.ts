import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parse } from "smol-toml";
import { scanToml } from "../../../../core/environment/toml/scan-toml.ts";
import { positionOf, type TomlPath } from "../../../../core/environment/toml/toml-positions.ts";

/** A text and where each path of it was written. */
interface Written {
  readonly text: string;
  readonly places: readonly (readonly [path: TomlPath, offset: number])[];
}

const spaces = fc.constantFrom("", " ", "\t", "  ");
const trivia = fc.constantFrom("", "\n", '# a [comment] = "x\n', "\r\n", "  # more\n\n");
const key = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9_-]{0,6}$/).map((name) => ({ name, raw: name })),
  fc
    .string({ maxLength: 5 })
    .map((name) => ({ name, raw: JSON.stringify(name.toWellFormed().replace(/\x7f/g, "")) })),
);
const value = fc.constantFrom(
  '"text # no comment"',
  "'literal \\'",
  '"""many\nlines ""quoted"" \\""""',
  "'''raw\n''lines'''",
  '""',
  "1_000",
  "-1.5e3",
  "true",
  "1979-05-27 07:32:00Z",
  "07:32:00",
  "[]",
  "[ 1, # one\n [2, 3],\n]",
  "{ }",
  "{ a.b = 1, 'c' = [{}] }",
);

const lines = fc.array(fc.tuple(trivia, spaces, key, spaces, value), { maxLength: 6 });

/** Tables of an array, each with its pairs; keys are made unique by their place. */
const document: fc.Arbitrary<Written> = fc.array(lines, { maxLength: 4 }).map((tables) => {
  let text = "";
  const places: [TomlPath, number][] = [];
  for (const [index, pairs] of tables.entries()) {
    places.push([["list", index], text.length]);
    text += "[[list]] # a header\n";
    for (const [line, [before, indent, written, gap, content]] of pairs.entries()) {
      text += before + indent;
      places.push([
        ["list", index, `k${line}`, JSON.parse(asJson(written))],
        text.length + `k${line}.`.length,
      ]);
      text += `k${line}.${written.raw}${gap}=${gap}${content}${gap}\n`;
    }
  }
  return { text, places };
});

function asJson({ name, raw }: { readonly name: string; readonly raw: string }): string {
  return raw.startsWith('"') ? raw : JSON.stringify(name);
}

function lineAndColumn(text: string, offset: number) {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

describe("the place of a value in a TOML text", () => {
  test("is where it was written", () => {
    fc.assert(
      fc.property(document, ({ text, places }) => {
        parse(text);
        for (const [path, offset] of places)
          expect(positionOf(text, path)).toEqual(lineAndColumn(text, offset));
      }),
    );
  });

  test("of items of an array and members of a table is found on lines of their own", () => {
    const text = "a = [\n  1,\n  { b = 2 },\n]\n[c.d]\ne = 1\n[[c.f]]\n[c.f.g]\nh = 1\n";
    const at = (path: TomlPath) => Object.values(positionOf(text, path));
    expect(at(["a", 1, "b"])).toEqual([3, 5]);
    expect(at(["c", "d", "e"])).toEqual([6, 1]);
    expect(at(["c", "f", 0, "g", "h"])).toEqual([9, 1]);
    expect(at(["c", "nothing", "there"])).toEqual([5, 1]);
    expect(at([])).toEqual([1, 1]);
  });

  test("every value is scanned to its end", () => {
    fc.assert(
      fc.property(document, ({ text }) => {
        for (const section of scanToml(text)) {
          for (const pair of section.pairs) {
            const raw = text.slice(pair.value.start, pair.value.end);
            expect(() => parse(`x = ${raw}`)).not.toThrow();
          }
        }
      }),
    );
  });
});
