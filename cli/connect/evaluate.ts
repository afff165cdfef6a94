import { dotCommandOf, runDotCommand } from "./dot-commands.ts";
import type { Repl } from "./repl.ts";
import { runLine } from "./run-line.ts";
import { scanLine } from "./scan-line.ts";

/** Runs what was typed: a dot-command or a line for the shell. */
export async function evaluate(repl: Repl, text: string): Promise<void> {
  if (text.trim() === "") return;
  const dot = dotCommandOf(text);
  if (dot !== undefined) return await runDotCommand(repl, dot);
  await runLine(repl, text, scanLine(text).background);
}
