import { UsageError } from "../command.ts";
import { describeError } from "../describe-error.ts";
import { ExitCode } from "../exit-codes.ts";
import { openFailure } from "../link/failure.ts";
import { addressedLine } from "./addressed-line.ts";
import { dotCommandOf, runDotCommand } from "./dot-commands.ts";
import type { Repl } from "./repl.ts";
import { runLine } from "./run-line.ts";
import { scanLine } from "./scan-line.ts";
import { InterruptedError, untilInterrupted } from "./until-interrupted.ts";

/**
 * Runs what was typed: a dot-command, `exit` by itself, which leaves the REPL, or a line for the shell; after `@NAME` in
 * the environment of that name.
 */
export async function evaluate(repl: Repl, text: string): Promise<void> {
  if (text.trim() === "") return;
  const exit = /^\s*exit(?:[ \t]+(\d{1,9}))?[ \t]*;?\s*$/.exec(text);
  if (exit !== null) {
    repl.quitWith = exit[1] === undefined ? repl.lastExit : Number(exit[1]) & 255;
    return;
  }
  const { environment, line } = addressedLine(text);
  if (environment === undefined) return await runHere(repl, line);
  if (line.trim() === "") return refuse(repl, `what is to run there? .use ${environment} goes there to stay`);
  using visit = await visitOrTell(repl, environment);
  if (visit !== undefined) await runHere(repl, line);
}

async function visitOrTell(repl: Repl, environment: string): Promise<Disposable | undefined> {
  try {
    return await untilInterrupted(repl.terminal, (signal) => repl.visit(environment, signal));
  } catch (error) {
    if (error instanceof InterruptedError) {
      repl.screen.note(error.message);
      repl.lastExit = 130;
      return undefined;
    }
    if (error instanceof UsageError) return refuse(repl, describeError(error));
    const failure = openFailure(error);
    if (failure === undefined) throw error;
    repl.screen.note(failure.sentence);
    repl.lastExit = failure.exitCode;
    return undefined;
  }
}

function refuse(repl: Repl, sentence: string): undefined {
  repl.screen.note(sentence);
  repl.lastExit = ExitCode.usage;
}

async function runHere(repl: Repl, text: string): Promise<void> {
  const dot = dotCommandOf(text);
  if (dot !== undefined) return await runDotCommand(repl, dot);
  using _signals = repl.pty ? undefined : repl.terminal?.makeSignals();
  await runLine(repl, text, scanLine(text).background);
}
