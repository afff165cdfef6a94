import { isatty } from "node:tty";
import type { ExecClient } from "../../core/client/connect-client.ts";
import { limits } from "../../core/limits.ts";
import type { ProcessEvent, StartSpec } from "../../core/process/process-backend.ts";
import type { ExitStatus } from "../../core/process/spawned-process.ts";
import { ExitCode } from "../exit-codes.ts";
import { OutputClosedError, writeOut } from "../terminal/output.ts";
import { RawMode } from "../terminal/raw-mode.ts";
import { sanitise } from "../terminal/sanitise.ts";
import { terminalSize } from "../terminal/terminal-size.ts";
import { forwardSignals } from "./forward-signals.ts";
import { hasStdin, pipeStdin } from "./pipe-stdin.ts";
import { refusal } from "./refusal.ts";
import { say } from "./say.ts";

export interface CommandPlan {
  readonly argv: readonly [string, ...string[]];
  /** A file URI. */
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly tty: boolean;
}

/** What a shell reports for a writer whose reader went away: 128 + SIGPIPE. */
const brokenPipe = 141;

/** How the command ended, as far as we can know. */
type Outcome =
  | { readonly kind: "ended"; readonly status: ExitStatus }
  | { readonly kind: "lost"; readonly reason: string }
  | { readonly kind: "refused"; readonly error: unknown }
  | { readonly kind: "unread"; readonly error: unknown };

/** Runs a command with our stdin, stdout, stderr and signals. Resolves to the exit code to end with. */
export async function runCommand(client: ExecClient, plan: CommandPlan): Promise<number> {
  const { promise: outcome, resolve: finish } = Promise.withResolvers<Outcome>();
  const giveUp = (reason: string) => finish({ kind: "lost", reason });
  using raw = plan.tty && isatty(0) ? new RawMode() : undefined;
  const starting = client.processes.start(startSpec(plan), sinkFor(finish));
  using _signals = forwardSignals({ client, starting, tty: plan.tty, raw, giveUp });
  starting.then(
    (process) => pipeStdin({ client, process, giveUp }),
    (error: unknown) => finish({ kind: "refused", error }),
  );
  raw?.enter();
  const ended = await outcome;
  if (ended.kind === "unread") await starting.then((process) => process.terminate()).catch(() => {});
  raw?.leave();
  return exitCodeOf(ended, plan);
}

function startSpec(plan: CommandPlan): StartSpec {
  return {
    argv: plan.argv,
    cwd: plan.cwd,
    inherit: "all",
    env: { ...(plan.tty ? { TERM: process.env["TERM"] ?? "dumb" } : {}), ...plan.variables },
    stdio: plan.tty ? { kind: "pty", ...terminalSize() } : { kind: "pipes", stdin: hasStdin() },
  };
}

function sinkFor(finish: (outcome: Outcome) => void): (event: ProcessEvent) => Promise<void> | undefined {
  let status: ExitStatus | undefined;
  let linger: Timer | undefined;
  const leaveSoon = (ending: ExitStatus) => {
    clearTimeout(linger);
    linger = setTimeout(() => finish({ kind: "ended", status: ending }), limits.execLingerMs);
  };
  return (event) => {
    switch (event.kind) {
      case "output":
        return writeOut(event.stream === "stderr" ? 2 : 1, event.bytes).then(
          () => (status === undefined ? undefined : leaveSoon(status)),
          (error: unknown) => finish({ kind: "unread", error }),
        );
      case "gap":
        say(gapSentence(event.omittedBytes));
        return undefined;
      case "exited":
        status = event.status;
        leaveSoon(event.status);
        return undefined;
      case "closed":
        clearTimeout(linger);
        finish({ kind: "ended", status: status ?? { kind: "unknown", reason: "the server did not say" } });
        return undefined;
      case "lost":
        finish(status === undefined ? { kind: "lost", reason: event.reason } : { kind: "ended", status });
        return undefined;
    }
  };
}

function gapSentence(bytes: number | undefined): string {
  return bytes === undefined
    ? "part of the output was dropped by the server and is missing here"
    : `${bytes} bytes of the output were dropped by the server and are missing here`;
}

function exitCodeOf(outcome: Outcome, plan: CommandPlan): number {
  switch (outcome.kind) {
    case "refused": {
      const failure = refusal(outcome.error, plan);
      if (failure === undefined) throw outcome.error;
      say(failure.sentence);
      return failure.exitCode;
    }
    case "unread":
      if (outcome.error instanceof OutputClosedError) return brokenPipe;
      say(sanitise(outcome.error instanceof Error ? outcome.error.message : String(outcome.error)));
      return ExitCode.exitUnknown;
    case "lost":
      say(`the link was lost: ${sanitise(outcome.reason)}`);
      return ExitCode.linkLost;
    case "ended":
      if (outcome.status.kind === "exited") return outcome.status.code;
      say(`the command's exit code is not known: ${sanitise(outcome.status.reason)}`);
      return ExitCode.exitUnknown;
  }
}
