import type { Repl } from "./repl.ts";

/** What a word of a dot-command names, for completion. */
export type Completes =
  | "remote path"
  | "local path"
  | "job"
  | "environment"
  | "signal"
  | "command"
  | "nothing";

/** A command of the REPL itself. */
export interface DotCommand {
  /** With its dot. */
  readonly name: string;
  /** What follows the name, for `.help`. */
  readonly usage: string;
  readonly summary: string;
  /** One letter each, without the dash; the same for every place in the line. */
  readonly flags?: readonly string[];
  /** Understands `--json`. */
  readonly json?: true;
  /** Takes keys or Ctrl-C itself. */
  readonly takes?: "keys" | "interrupts";
  /** How many words it takes. */
  readonly words: { readonly min: number; readonly max: number };
  /** What its words complete to, the last for all that follow. */
  readonly completes?: readonly Completes[];
  run(call: DotCall): Promise<number>;
}

export interface DotCall {
  readonly repl: Repl;
  readonly words: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly json: boolean;
  /** Aborted by Ctrl-C. What the command does from then on is nobody's. */
  readonly signal: AbortSignal;
  /** Everything after the name, as typed. */
  readonly rest: string;
}

/** A dot-command was typed wrongly, or what it was asked for cannot be done. The message is shown as it is. */
export class DotCommandError extends Error {
  override readonly name = "DotCommandError";
}
