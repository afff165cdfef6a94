import { RpcError } from "../../core/protocol/rpc-error.ts";
import { LinkLostError } from "../../core/rpc/remote-calls.ts";
import { suggestion } from "../arguments/nearest.ts";
import { UsageError } from "../command.ts";
import { describeError } from "../describe-error.ts";
import { ExitCode } from "../exit-codes.ts";
import { type Failure, openFailure } from "../link/failure.ts";
import { catCommand } from "./commands/cat.ts";
import { cdCommand } from "./commands/cd.ts";
import { cpCommand } from "./commands/cp.ts";
import { detachCommand } from "./commands/detach.ts";
import { envCommand } from "./commands/env.ts";
import { envsCommand } from "./commands/envs.ts";
import { fgCommand } from "./commands/fg.ts";
import { findCommand } from "./commands/find.ts";
import { getCommand } from "./commands/get.ts";
import { helpCommand } from "./commands/help.ts";
import { infoCommand } from "./commands/info.ts";
import { jobsCommand } from "./commands/jobs.ts";
import { killCommand } from "./commands/kill.ts";
import { logCommand } from "./commands/log.ts";
import { lsCommand } from "./commands/ls.ts";
import { mkdirCommand } from "./commands/mkdir.ts";
import { ptyCommand } from "./commands/pty.ts";
import { putCommand } from "./commands/put.ts";
import { quitCommand } from "./commands/quit.ts";
import { reconnectCommand } from "./commands/reconnect.ts";
import { rmCommand } from "./commands/rm.ts";
import { sessionsCommand } from "./commands/sessions.ts";
import { signalCommand } from "./commands/signal.ts";
import { statCommand } from "./commands/stat.ts";
import { useCommand } from "./commands/use.ts";
import { type DotCall, type DotCommand, DotCommandError } from "./dot-command.ts";
import type { Repl } from "./repl.ts";
import { InterruptedError, untilInterrupted } from "./until-interrupted.ts";
import { OpenQuoteError, splitWords } from "./words.ts";

/** Every dot-command, in the order of `.help`. */
export const dotCommands: readonly DotCommand[] = [
  cdCommand,
  envCommand,
  jobsCommand,
  fgCommand,
  logCommand,
  killCommand,
  signalCommand,
  detachCommand,
  lsCommand,
  catCommand,
  statCommand,
  findCommand,
  getCommand,
  putCommand,
  rmCommand,
  mkdirCommand,
  cpCommand,
  useCommand,
  envsCommand,
  infoCommand,
  sessionsCommand,
  reconnectCommand,
  ptyCommand,
  helpCommand(() => dotCommands),
  quitCommand,
];

export interface DotLine {
  readonly name: string;
  readonly rest: string;
}

/** The dot-command that a line names; undefined for a line of the shell (`. file`, `./program`, `..`). */
export function dotCommandOf(text: string): DotLine | undefined {
  const match = /^\s*(\.[a-z]+)(?:\s+(.*))?$/s.exec(text);
  return match === null ? undefined : { name: match[1] ?? "", rest: match[2] ?? "" };
}

/** Runs a dot-command. Its exit code is left in the shell's state; what goes wrong is said in one sentence. */
export async function runDotCommand(repl: Repl, { name, rest }: DotLine): Promise<void> {
  const startedAt = performance.now();
  try {
    const command = dotCommands.find((candidate) => candidate.name === name);
    if (command === undefined) {
      throw new DotCommandError(unknownName(name));
    }
    repl.lastExit = await call(command, { repl, rest, ...parseCall(command, rest) });
  } catch (error) {
    repl.screen.note(`${name}: ${openingFailure(error)?.sentence ?? describeError(error)}`);
    repl.lastExit = exitCodeOf(error);
  }
  repl.lastDurationMs = performance.now() - startedAt;
}

async function call(command: DotCommand, given: Omit<DotCall, "signal">): Promise<number> {
  const { terminal } = given.repl;
  if (command.takes === undefined) {
    return await untilInterrupted(terminal, (signal) => command.run({ ...given, signal }));
  }
  const { signal } = new AbortController();
  using _signals = command.takes === "interrupts" ? terminal?.makeSignals() : undefined;
  return await command.run({ ...given, signal });
}

/** An answer of the server is about what it was asked, not about the way to it. */
function openingFailure(error: unknown): Failure | undefined {
  return error instanceof RpcError ? undefined : openFailure(error);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof InterruptedError) return 130;
  if (error instanceof UsageError) return ExitCode.usage;
  const failure = openingFailure(error);
  if (failure !== undefined) return failure.exitCode;
  if (error instanceof LinkLostError) return ExitCode.linkLost;
  return error instanceof DotCommandError || error instanceof OpenQuoteError ? 2 : 1;
}

function parseCall(command: DotCommand, rest: string): Pick<DotCall, "words" | "flags" | "json"> {
  const flags = new Set<string>();
  const words: string[] = [];
  let json = false;
  let onlyWords = false;
  for (const word of splitWords(rest)) {
    if (onlyWords || !/^-./.test(word)) words.push(word);
    else if (word === "--") onlyWords = true;
    else if (word === "--json" && command.json) json = true;
    else if (/^-[a-zA-Z]+$/.test(word) && [...word.slice(1)].every((flag) => command.flags?.includes(flag))) {
      for (const flag of word.slice(1)) flags.add(flag);
    } else throw new DotCommandError(`${word} is not understood; ${usageOf(command)}`);
  }
  const { min, max } = command.words;
  if (words.length < min || words.length > max) throw new DotCommandError(usageOf(command));
  return { words, flags, json };
}

function unknownName(name: string): string {
  const names = dotCommands.map((command) => command.name);
  const end = suggestion(name, names) || ";";
  return `there is no ${name}${end} .help lists what there is, and ./${name} runs a program`;
}

function usageOf({ name, usage }: DotCommand): string {
  return `it is typed ${name}${usage === "" ? "" : ` ${usage}`}`;
}
