import { isatty } from "node:tty";
import type { ExecClient } from "../../core/client/connect-client.ts";
import { limits } from "../../core/limits.ts";
import type { ProcessEvent, ProcessSink } from "../../core/process/process-backend.ts";
import type { RemoteProcess } from "../../core/process/remote/remote-process.ts";
import type { ExitStatus } from "../../core/process/spawned-process.ts";
import { writeOut } from "../terminal/output.ts";
import { RawMode } from "../terminal/raw-mode.ts";
import { readsKeys } from "../terminal/reads-keys.ts";
import { forwardSignals } from "./forward-signals.ts";
import type { Outcome } from "./outcome.ts";
import { awaitLeaveKey, leaveKey, pipeStdin } from "./pipe-stdin.ts";
import { say } from "./say.ts";

export interface Conversation {
  readonly client: ExecClient;
  readonly tty: boolean;
  /** Whether it is given our stdin. */
  readonly stdin: boolean;
  /** Whether hanging up, SIGTERM and Ctrl-] go away from the command, which goes on; else all is passed on to it. */
  readonly canLeave: boolean;
  /** Starts the command, or finds it again. */
  begin(sink: ProcessSink): Promise<RemoteProcess>;
}

/** Gives a command our stdin, stdout, stderr and signals until it ends, is lost, or is left. */
export async function converse(conversation: Conversation): Promise<Outcome> {
  const { client, tty, stdin, canLeave } = conversation;
  const { promise: outcome, resolve: finish } = Promise.withResolvers<Outcome>();
  const giveUp = (reason: string) => finish({ kind: "lost", reason });
  const leave = canLeave ? (exitCode: number) => finish({ kind: "left", exitCode }) : undefined;
  using raw = tty && isatty(0) ? new RawMode() : undefined;
  // A command without a terminal of its own leaves ours as it is, but for the key.
  using lines = !tty && leave !== undefined && readsKeys() ? new RawMode() : undefined;
  const { promise: starting, resolve: begun } = Promise.withResolvers<RemoteProcess>();
  // Before the start goes out: a signal that ended us then would leave the command behind.
  using _signals = forwardSignals({ client, starting, tty, raw, giveUp, leave });
  begun(conversation.begin(sinkFor(finish)));
  starting.then(
    (process) => {
      if (stdin) pipeStdin({ client, process, giveUp, leave });
      else if (lines !== undefined && leave !== undefined) void awaitLeaveKey(leave);
    },
    (error: unknown) => finish({ kind: "refused", error }),
  );
  raw?.enter();
  lines?.enterKey(leaveKey);
  const ended = await outcome;
  if (ended.kind === "unread" && !canLeave)
    await starting.then((process) => process.terminate()).catch(() => {});
  raw?.leave();
  lines?.leave();
  return ended;
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
