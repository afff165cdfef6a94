/** Puts `insert` in the place of what stands from `start` to `end`. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly insert: string;
}

/** The text after edits that do not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let edited = text;
  for (const { start, end, insert } of [...edits].sort((one, other) => other.start - one.start)) {
    edited = edited.slice(0, start) + insert + edited.slice(end);
  }
  return edited;
}

/** The line end that the text uses. */
export function lineEndOf(text: string): "\n" | "\r\n" {
  return /\r\n/.test(text) ? "\r\n" : "\n";
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** Behind the line's end, or the end of the text. */
export function nextLine(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end + 1;
}

/** Where the comments begin that stand right above the line of `offset`, or that line itself. */
export function withCommentsAbove(text: string, offset: number): number {
  let start = lineStart(text, offset);
  while (start > 0) {
    const above = lineStart(text, start - 1);
    if (!/^[ \t\ufeff]*#/.test(text.slice(above, start))) break;
    start = above;
  }
  return start;
}

/** From `start` to `end`, and the empty lines behind it, so that none pile up where something was. */
export function withBlankLinesBelow(text: string, end: number): number {
  let below = end;
  for (let next = nextLine(text, below); below < text.length; next = nextLine(text, below)) {
    if (text.slice(below, next).trim() !== "") break;
    below = next;
  }
  return below;
}
