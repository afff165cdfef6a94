import { absent } from "../difference.ts";
import type { Signature } from "../signature.ts";

const treesDie =
  "terminate ends the whole tree of a process that is not closed; the reference leaves these running";
const signalExit = "death by signal n is 128+n on a PTY too; the reference says 1, as for an exit of 1";
const rightProgram = "the reference looks arg0 up as the program on a PTY; ours runs argv[0] under that name";
const badCwd =
  "a cwd that cannot be entered is an error on a PTY too; the reference runs the command in HOME";
const largerChunks = "chunks up to 128 KiB halve the cost of output, and every published client takes them";

/** A start that one side carries out and the other refuses. */
function startsOnlyOn(side: "reference" | "ours", cases: string, reason: string): Signature[] {
  const shape = { cases, kind: "truer", reason } as const;
  const started = /.*/;
  const paths = ["start.result", "output", "exited", "closed", "closedHasHighestSeq", "seqsAre1toN"];
  const [with_, without] = [started, absent];
  const one = (path: string): Signature =>
    side === "ours"
      ? { ...shape, path, reference: without, ours: with_ }
      : { ...shape, path, reference: with_, ours: without };
  const other: Signature =
    side === "ours"
      ? { ...shape, path: "start.error", reference: /"code":-326/, ours: absent }
      : { ...shape, path: "start.error", reference: absent, ours: /"code":-326/ };
  return [other, ...paths.map(one)];
}

/** process/*, and what a session keeps of it. */
export const processDifferences: readonly Signature[] = [
  ...startsOnlyOn("reference", "start.bad.tty_cwd_*", badCwd),
  ...startsOnlyOn("ours", "start.ok.tty_arg0_is_looked_up_as_program", rightProgram),
  ...startsOnlyOn(
    "ours",
    "start.cwd.plain_path",
    "plain absolute paths serve clients before 0.150.0 as well",
  ),
  {
    cases: "start.ok.tty_arg0_absolute",
    path: "output.pty",
    reference: "/proc/self/cmdline\r\n",
    ours: "/bin/echo\0/proc/self/cmdline\0",
    kind: "truer",
    reason: rightProgram,
  },
  ...["start.ok.tty_killed_by_*", "terminate.*tty", "signal.interrupt_tty_default", "tty.ctrl_c"].map(
    (cases): Signature => ({
      cases,
      path: "exited[0].exitCode",
      reference: 1,
      ours: /^1[34]\d$/,
      kind: "truer",
      reason: signalExit,
    }),
  ),
  {
    cases: "terminate.process_group_but_not_setsid*",
    path: "setsidChildAlive",
    reference: true,
    ours: false,
    kind: "safer",
    reason: treesDie,
  },
  {
    cases: "terminate.background_child_holding_stdout_after_exit",
    path: "*",
    reference: /^(true|false|0)$/,
    ours: /^(true|false|1)$/,
    kind: "safer",
    reason: treesDie,
  },
  {
    cases: "output.5MB_all_notified",
    path: "maxChunk",
    reference: 8192,
    ours: 131072,
    kind: "faster",
    reason: largerChunks,
  },
  {
    cases: "output.5MB_tty_all_notified",
    path: "maxChunkAtMost8192",
    reference: true,
    ours: false,
    kind: "faster",
    reason: largerChunks,
  },
  {
    cases: "output.retention_1MiB",
    path: "*",
    reference: true,
    ours: false,
    kind: "lossless",
    reason: "more than 1 MiB is kept, and what is not kept is declared",
  },
  {
    cases: "resume.detached_output_beyond_1MiB_is_lost",
    path: "*",
    reference: /^(true|false)$/,
    ours: /^(true|false)$/,
    kind: "lossless",
    reason: "output of a detached session waits in a file; nothing of it is lost",
  },
  {
    cases: "read.inline_long_poll_blocks_other_requests",
    path: "statusHeldUntilPollEnds",
    reference: true,
    ours: false,
    kind: "faster",
    reason: "requests never block one another",
  },
  {
    cases: "write.blocks_connection_when_child_does_not_read",
    path: "*",
    reference: "no answer",
    ours: "answered",
    kind: "faster",
    reason: "requests never block one another: a write that waits for its child waits alone",
  },
  {
    cases: "write.after_exit_with_pipe_stdin",
    path: "*.result.status",
    reference: "accepted",
    ours: "stdinClosed",
    kind: "truer",
    reason: "nobody reads those bytes any more",
  },
  ...["SIGTERM", "terminate", "kill"].flatMap((name): Signature[] => {
    const shape = {
      cases: `signal.bad_name.${name}`,
      kind: "beyond",
      reason: "signals by name are taken",
    } as const;
    return [
      { ...shape, path: "error", reference: /unknown variant/, ours: absent },
      { ...shape, path: "result", reference: absent, ours: {} },
    ];
  }),
  {
    cases: "resize.not_implemented",
    path: "error.*",
    reference: /-32601|does not implement/,
    ours: /-32602|missing field `columns`/,
    kind: "beyond",
    reason: "process/resize exists here, with members rows and columns",
  },
  ...[
    { path: "error", reference: /missing field `writeId`/, ours: absent },
    { path: "result", reference: absent, ours: { status: "accepted" } },
  ].map(
    (shape): Signature => ({
      ...shape,
      cases: "write.missing_write_id",
      kind: "beyond",
      reason: "clients up to 0.131.0 send no writeId",
    }),
  ),
];
