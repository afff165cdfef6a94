/** What one name of a path has to look like. */
export type NamePattern = readonly Token[];

export type Token =
  | { readonly kind: "character"; readonly character: string }
  | { readonly kind: "any" }
  | { readonly kind: "many" }
  | { readonly kind: "class"; readonly negated: boolean; readonly ranges: readonly Range[] };

type Range = readonly [first: number, last: number];

/** One part of a pattern: any number of names, or one name. */
export type Part = "anyNames" | NamePattern;

/** A pattern cannot be read; the message is a piece of a sentence: `a class that does not end`. */
export class GlobMistake extends Error {
  override readonly name = "GlobMistake";
}

/** Reads a relative pattern. Throws {@link GlobMistake} for what would match nothing or something else than it says. */
export function compileGlob(rest: string): readonly Part[] {
  const names = splitPattern(rest);
  const parts = names.map((name): Part => (name === "**" ? "anyNames" : compileName(name)));
  // A last `**` is everything below, not the directory itself.
  if (names.at(-1) === "**") parts.push([{ kind: "many" }]);
  return parts;
}

/** The names of a pattern, without empty ones and `.`. */
export function splitPattern(pattern: string): string[] {
  const names = pattern.split("/").filter((name) => name !== "" && name !== ".");
  if (names.includes("..")) throw new GlobMistake("`..`, which no path has");
  return names;
}

/** The name that a part of a pattern stands for when it has no wildcard; null when it has one. */
export function literalName(name: string): string | null {
  const tokens = name === "**" ? null : compileName(name);
  let literal = "";
  for (const token of tokens ?? [{ kind: "many" } as const]) {
    if (token.kind !== "character") return null;
    literal += token.character;
  }
  return literal;
}

function compileName(name: string): NamePattern {
  const characters = [...name];
  const tokens: Token[] = [];
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index] ?? "";
    if (character === "{" || character === "}")
      throw new GlobMistake("alternatives in braces: write one entry for each");
    if (character === "*") {
      if (tokens.at(-1)?.kind !== "many") tokens.push({ kind: "many" });
    } else if (character === "?") tokens.push({ kind: "any" });
    else if (character === "[") {
      const end = endOfClass(characters, index);
      tokens.push(classOf(characters.slice(index + 1, end)));
      index = end;
    } else if (character === "\\") {
      const escaped = characters[++index];
      if (escaped === undefined) throw new GlobMistake("a backslash with nothing behind it");
      tokens.push({ kind: "character", character: escaped });
    } else tokens.push({ kind: "character", character });
  }
  return tokens;
}

/** Where the class that begins at `start` ends; a bracket right at its beginning is one of its characters. */
function endOfClass(characters: readonly string[], start: number): number {
  const first = characters[start + 1] === "!" || characters[start + 1] === "^" ? start + 2 : start + 1;
  const end = characters.indexOf("]", first + 1);
  if (end === -1) throw new GlobMistake("a class that does not end (`[`)");
  return end;
}

function classOf(content: readonly string[]): Token {
  const negated = content[0] === "!" || content[0] === "^";
  const codes = content.slice(negated ? 1 : 0).map((character) => character.codePointAt(0) ?? 0);
  const ranges: Range[] = [];
  for (let index = 0; index < codes.length; index++) {
    const first = codes[index] ?? 0;
    const last = codes[index + 1] === dash ? codes[index + 2] : undefined;
    if (last === undefined) ranges.push([first, first]);
    else {
      if (last < first) throw new GlobMistake("a range that runs backwards");
      ranges.push([first, last]);
      index += 2;
    }
  }
  return { kind: "class", negated, ranges };
}

const dash = "-".charCodeAt(0);
