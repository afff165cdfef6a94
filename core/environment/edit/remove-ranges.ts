import { applyEdits, nextLine, withBlankLinesBelow, withCommentsAbove } from "./text-edit.ts";

/** Something that begins and ends within lines of its own. */
export interface Removal {
  readonly start: number;
  readonly end: number;
}

/** The text without the lines of these ranges and without the comments right above each; ranges come in order. */
export function removeRanges(text: string, ranges: readonly Removal[]): string {
  const edits = ranges.map(({ start, end }) => ({
    start: withCommentsAbove(text, start),
    end: nextLine(text, end),
    insert: "",
  }));
  const joined = edits.map((edit, index) => {
    const next = edits[index + 1];
    // Between two parts of one entry there may be empty lines only; they go as well.
    const below = withBlankLinesBelow(text, edit.end);
    return { ...edit, end: next === undefined || below <= next.start ? below : edit.end };
  });
  const edited = applyEdits(text, joined);
  // The empty line above the last one kept it apart from what was before it.
  return joined.at(-1)?.end === text.length ? edited.replace(/(^|\n)(?:[ \t]*\r?\n)+$/, "$1") : edited;
}
