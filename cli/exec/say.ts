import { isatty } from "node:tty";
import { writeNow } from "../terminal/output.ts";

let speaker = "codex-env exec";

/** Which command speaks: one runs in a process. */
export function speakAs(command: string): void {
  speaker = command;
}

/** A line for people. On a terminal it starts and ends at the left edge even in raw mode. */
export function say(sentence: string): void {
  writeNow(2, isatty(2) ? `\r\x1b[K${speaker}: ${sentence}\r\n` : `${speaker}: ${sentence}\n`);
}
