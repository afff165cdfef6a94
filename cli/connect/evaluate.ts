import { dotCommandOf, runDotCommand } from "./dot-commands.ts";
import type { Repl } from "./repl.ts";
import { runLine } from "./run-line.ts";
import { scanLine } from "./scan-line.ts";

/** Runs what was typed: a dot-command or a line for the shell. */
export async function evaluate(repl: Repl, text: string): Promise<void> {
  if (text.trim() === "") return;
  const dot = dotCommandOf(text);
  if (dot !== undefined) {
    // .fg needs the keys as they are; the others write what is meant for a terminal in its usual mode.
    using _usual = dot.name === ".fg" ? undefined : repl.terminal?.cook();
    return await runDotCommand(repl, dot);
  }
  using _usual = repl.pty ? undefined : repl.terminal?.cook();
  await runLine(repl, text, scanLine(text).background);
}
