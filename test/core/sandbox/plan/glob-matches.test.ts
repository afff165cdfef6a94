import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { compileGlob } from "../../../../core/sandbox/plan/compile-glob.ts";
import type { DenyGlob } from "../../../../core/sandbox/plan/deny-glob.ts";
import { deepestMatch, globMatches } from "../../../../core/sandbox/plan/glob-matches.ts";

function glob(rest: string, base = "/w"): DenyGlob {
  return { pattern: `${base}/${rest}`, base, rest };
}

describe("a deny glob", () => {
  test.each([
    ["*.env", "top.env", true],
    ["*.env", "sub/x.env", false],
    ["**/*.env", "top.env", true],
    ["**/*.env", "sub/deep/x.env", true],
    ["**/*.env", "sub/deep/x.env.txt", false],
    ["**/*.env", ".hidden/.env", true],
    ["**/*.env", "X.ENV", false],
    ["**", "a", true],
    ["a/**", "a", false],
    ["a/**", "a/b/c", true],
    ["a/**/b", "a/b", true],
    ["a/**/b", "a/x/y/b", true],
    ["a**b", "aXXb", true],
    ["a**b", "a/b", false],
    ["?.txt", "a.txt", true],
    ["?.txt", "😀.txt", true],
    ["?.txt", "ab.txt", false],
    ["[ab].txt", "a.txt", true],
    ["[ab].txt", "c.txt", false],
    ["[a-c]x", "bx", true],
    ["[!a-c]x", "bx", false],
    ["[^a-c]x", "dx", true],
    ["[]]x", "]x", true],
    ["[a-]x", "-x", true],
    ["\\*.env", "*.env", true],
    ["\\*.env", "a.env", false],
    ["priv", "priv", true],
    ["priv", "priv/below/it", true],
    ["priv", "private", false],
    ["./a//b", "a/b", true],
  ] as const)("%s against %s: %p", (rest, path, matches) => {
    expect(globMatches(glob(rest), `/w/${path}`)).toBe(matches);
  });

  test("speaks of nothing outside of its base, and not of the base itself", () => {
    expect(globMatches(glob("**"), "/w")).toBe(false);
    expect(globMatches(glob("**"), "/wide/x")).toBe(false);
    expect(globMatches(glob("**"), "/x/w/y")).toBe(false);
  });

  test("tells the deepest part of a path that it matches", () => {
    expect(deepestMatch(glob("a/*"), "/w/a/b/c")).toBe("/w/a/b".length);
    expect(deepestMatch(glob("**/x"), "/w/x/y/x/z")).toBe("/w/x/y/x".length);
    expect(deepestMatch(glob("**/x"), "/w/y")).toBe(-1);
  });

  test("a base with signs of patterns in its name is meant literally", () => {
    expect(globMatches(glob("*.env", "/w/[x]"), "/w/[x]/a.env")).toBe(true);
    expect(globMatches(glob("*.env", "/w/[x]"), "/w/x/a.env")).toBe(false);
  });

  test.each(["{a,b}", "x/[", "[]", "[!]", "[z-a]", "a\\", "**/../x", "a}"])(
    "%s, which cannot be read, is refused",
    (rest) => {
      expect(() => compileGlob(rest)).toThrow();
    },
  );

  test("says the same as a regular expression", () => {
    const name = fc
      .string({ unit: fc.constantFrom("a", "b", ".", "-"), minLength: 1, maxLength: 4 })
      .filter((n) => !/^\.+$/.test(n));
    const part = fc.oneof(
      fc.constant("**"),
      fc
        .string({
          unit: fc.constantFrom("a", "b", ".", "*", "?", "[ab]", "[!a]"),
          minLength: 1,
          maxLength: 4,
        })
        .filter((n) => !/^\.+$/.test(n)),
    );
    const parts = fc.array(part, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(parts, fc.array(name, { minLength: 1, maxLength: 5 }), (pattern, names) => {
        const expression = regularExpression(pattern);
        const matching = names
          .map((_, index) => names.slice(0, index + 1).join("/"))
          .findLast((path) => expression.test(path));
        expect(deepestMatch(glob(pattern.join("/")), `/w/${names.join("/")}`)).toBe(
          matching === undefined ? -1 : matching.length + 3,
        );
      }),
      { numRuns: 3_000 },
    );
  });

  test("takes a hostile name in the time of an ordinary one", () => {
    const started = performance.now();
    expect(globMatches(glob(`${"**/*a*".repeat(12)}/x`), `/w/${"a".repeat(255)}/${"a/".repeat(200)}b`)).toBe(
      false,
    );
    expect(globMatches(glob(`${"*a".repeat(60)}b`), `/w/${"a".repeat(255)}`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

/** The same pattern in another language: of whole names, `**` any number of them. */
function regularExpression(parts: readonly string[]): RegExp {
  let source = "^";
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1;
    if (part === "**") source += last ? "[^/]+(?:/[^/]+)*" : "(?:[^/]+/)*";
    else {
      source += part
        .replaceAll(".", "\\.")
        .replaceAll("[!a]", "[^a/]")
        .replace(/\*+/g, "[^/]*")
        .replaceAll("?", "[^/]");
      if (!last) source += "/";
    }
  }
  return new RegExp(`${source}$`);
}
