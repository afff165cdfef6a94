import { dotCommandOf, runDotCommand } from "./dot-commands.ts";
import type { Repl } from "./repl.ts";
import { runLine } from "./run-line.ts";
import { scanLine } from "./scan-line.ts";

/** Runs what was typed: a dot-command, `exit` by itself, which leaves the REPL, or a line for the shell. */
export async function evaluate(repl: Repl, text: string): Promise<void> {
  if (text.trim() === "") return;
  const exit = /^\s*exit(?:[ \t]+(\d{1,9}))?[ \t]*;?\s*$/.exec(text);
  if (exit !== null) {
    repl.quitWith = exit[1] === undefined ? repl.shell.lastExit : Number(exit[1]) & 255;
    return;
  }
  const dot = dotCommandOf(text);
  if (dot !== undefined) {
    // .fg passes on the keys as they are; the others can be interrupted.
    using _signals = dot.name === ".fg" ? undefined : repl.terminal?.makeSignals();
    return await runDotCommand(repl, dot);
  }
  using _signals = repl.pty ? undefined : repl.terminal?.makeSignals();
  await runLine(repl, text, scanLine(text).background);
}
