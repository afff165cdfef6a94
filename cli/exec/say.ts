import { isatty } from "node:tty";
import { writeNow } from "../terminal/output.ts";

/** A line for people. On a terminal it starts and ends at the left edge even in raw mode. */
export function say(sentence: string): void {
  writeNow(2, isatty(2) ? `\r\x1b[Kcodex-env exec: ${sentence}\r\n` : `codex-env exec: ${sentence}\n`);
}
