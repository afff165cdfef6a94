import { LineScanner, type Unfinished } from "./line-scanner.ts";

export interface LineScan {
  readonly unfinished: Unfinished | undefined;
  /** The line without a `&` at its end, where there is one that makes it a job. */
  readonly background: string | undefined;
}

/** What a line needs before a shell could run it, and whether it is a job. Pure. */
export function scanLine(text: string): LineScan {
  const scanner = new LineScanner();
  const unfinished = scanner.push(text);
  return { unfinished, background: unfinished === undefined ? scanner.background : undefined };
}
