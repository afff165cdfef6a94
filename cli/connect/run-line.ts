import { RpcError } from "../../core/protocol/rpc-error.ts";
import { LinkLostError } from "../../core/rpc/remote-calls.ts";
import { describeError } from "../describe-error.ts";
import { ExitCode } from "../exit-codes.ts";
import { startFailure } from "../link/failure.ts";
import { serverEndBehind } from "../link/server-end-behind.ts";
import { sanitise } from "../terminal/sanitise.ts";
import { collectState } from "./collect-state.ts";
import { foreground } from "./foreground.ts";
import type { Job } from "./job.ts";
import type { Repl } from "./repl.ts";
import { type LineStart, startLine } from "./start-line.ts";

/** Runs a line in the foreground, or starts it as a job; leaves exit code and duration in the shell's state. */
export async function runLine(repl: Repl, line: string, background: string | undefined): Promise<void> {
  const startedAt = performance.now();
  const job = await start(repl, { line: background ?? line, background: background !== undefined });
  repl.lastDurationMs = performance.now() - startedAt;
  if (job === undefined) return;
  if (background !== undefined) {
    const number = repl.keep(job);
    // At a terminal .fg and .jobs are close at hand; in a script nothing shows a job's output by itself.
    const hint = repl.terminal === undefined ? ` (a job: .log ${number} shows what it writes)` : "";
    repl.screen.note(`[${number}] ${sanitise(background)}${hint}`);
    repl.lastExit = 0;
    repl.lastDurationMs = 0;
    return;
  }
  await foreground(repl, job);
  await settle(repl, job);
  repl.lastDurationMs = performance.now() - startedAt;
}

/** Starts the line. Undefined: it was refused, or Ctrl-C came while the link was down; both have been told. */
async function start(repl: Repl, line: LineStart): Promise<Job | undefined> {
  const given = Promise.withResolvers<undefined>();
  using _interrupt = watchInterrupt(repl, () => given.resolve(undefined));
  const starting = startLine(repl, line);
  try {
    const job = await Promise.race([starting, given.promise]);
    if (job !== undefined) return job;
  } catch (error) {
    const failure = startFailure(error);
    if (failure === undefined) throw error;
    const hint = failure.exitCode === ExitCode.startRefused ? await hintOf(repl) : "";
    repl.screen.note(failure.sentence + hint);
    repl.lastExit = failure.exitCode;
    return undefined;
  }
  repl.screen.note("given up waiting; if the line starts after all, it does so as a job");
  repl.lastExit = 130;
  starting.then(
    (job) => toBackground(repl, job, "has started"),
    () => {},
  );
  return undefined;
}

/** The server names no file when it says that one is missing; most often it is the directory. */
async function hintOf({ client, shell }: Repl): Promise<string> {
  try {
    if ((await client.files.getMetadata(shell.cwd)).isDirectory) return "";
  } catch (error) {
    if (!(error instanceof RpcError)) return "";
  }
  return `: ${sanitise(shell.cwd)} is no directory any more; .cd leads elsewhere`;
}

/** Ctrl-C before there is a program that it could go to. */
function watchInterrupt(repl: Repl, interrupted: () => void): Disposable {
  if (repl.terminal !== undefined && repl.pty) return repl.terminal.watchInterrupt(interrupted);
  process.on("SIGINT", interrupted);
  return {
    [Symbol.dispose]() {
      process.off("SIGINT", interrupted);
    },
  };
}

/** After the foreground: the exit code and state of a line that ended; a line that did not becomes a job. */
export async function settle(repl: Repl, job: Job): Promise<void> {
  try {
    await settleState(repl, job);
  } catch (error) {
    if (!(error instanceof LinkLostError)) throw error;
    repl.jobs.remove(job);
    repl.screen.note(`where the line left the shell is not known: ${describeError(error)}`);
    repl.lastExit = ExitCode.linkLost;
  }
}

async function settleState(repl: Repl, job: Job): Promise<void> {
  const { state } = job;
  switch (state.kind) {
    case "ended":
      if (state.status.kind === "exited") repl.lastExit = state.status.code;
      else {
        repl.screen.note(`the exit code is not known: ${sanitise(state.status.reason)}`);
        repl.lastExit = ExitCode.exitUnknown;
      }
      await collectState(repl, job);
      if ((await serverEndBehind(repl.lastExit, job.place.client)) !== undefined)
        repl.lastExit = ExitCode.linkLost;
      if (job.closed) repl.jobs.remove(job);
      else if (repl.terminal !== undefined) leftBehind(repl, job);
      return;
    case "lost":
      repl.jobs.remove(job);
      repl.screen.note(`how the line ended is not known: ${sanitise(state.reason)}`);
      repl.lastExit = ExitCode.linkLost;
      return;
    case "stopped":
      toBackground(repl, job, "stopped");
      repl.lastExit = 148;
      return;
    case "running":
      toBackground(repl, job, "goes on in the background");
      repl.lastExit = 0;
  }
}

/** The line ended, but its output is open: that end is told here and not once more at the next prompt. */
function leftBehind(repl: Repl, job: Job): void {
  job.announced = true;
  toBackground(repl, job, "has ended and left something running that holds its output");
}

function toBackground(repl: Repl, job: Job, what: string): void {
  job.display(undefined);
  repl.screen.note(`[${repl.keep(job)}] ${what}: ${sanitise(job.line)}`);
}
