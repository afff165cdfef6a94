import { absent } from "../difference.ts";
import { type Signature, signEach } from "../signature.ts";

const treesDie =
  "terminate ends the whole tree of a process that is not closed; the reference leaves these running";
const signalExit = "death by signal n is 128+n on a PTY too; the reference says 1, as for an exit of 1";
const rightProgram = "the reference looks arg0 up as the program on a PTY; ours runs argv[0] under that name";
const badCwd =
  "a cwd that cannot be entered is an error on a PTY too; the reference runs the command in HOME";
const noManagedNetwork =
  "a managed network that is to be enforced and is not there fails closed; the reference runs the command without it";
const largerChunks = "chunks up to 128 KiB halve the cost of output, and every published client takes them";

/** A start that one side carries out and the other refuses with `error`. */
interface OneSidedStart {
  readonly cases: string;
  readonly reason: string;
  readonly output: RegExp;
  readonly error: RegExp;
}

function startsOnlyOn(
  side: "reference" | "ours",
  start: OneSidedStart,
  kind: Signature["kind"] = "truer",
): Signature[] {
  const pair = (there: unknown, elsewhere: unknown) =>
    side === "reference" ? ([there, elsewhere] as const) : ([elsewhere, there] as const);
  return signEach(
    { cases: start.cases, kind, reason: start.reason },
    {
      "start.error": pair(absent, start.error),
      "start.result": pair({ processId: "p", sandboxType: "none" }, absent),
      output: pair(start.output, absent),
      exited: pair([{ exitCode: 0, sandboxDenied: false }], absent),
      closed: pair(1, absent),
      closedHasHighestSeq: pair(true, absent),
      seqsAre1toN: pair(true, absent),
    },
  );
}

/** process/*, and what a session keeps of it. */
export const processDifferences: readonly Signature[] = [
  ...startsOnlyOn("reference", {
    cases: "start.bad.tty_cwd_*",
    reason: badCwd,
    output: /^\{"pty":"\/[^"]*\\r\\n"\}$/,
    error: /"code":-32603,"message":"(No such file or directory|Not a directory) \(os error \d+\)"/,
  }),
  ...startsOnlyOn("ours", {
    cases: "start.ok.tty_arg0_is_looked_up_as_program",
    reason: rightProgram,
    output: /^\{"pty":"custom-name\\u0000/,
    error: /"code":-32603,"message":"Unable to spawn custom-name because/,
  }),
  ...startsOnlyOn(
    "reference",
    {
      cases: "start.ok.enforce_managed_network_alone",
      reason: noManagedNetwork,
      output: /^\{/,
      error: /"code":-32600,"message":"this exec-server has no managed network/,
    },
    "safer",
  ),
  ...startsOnlyOn("ours", {
    cases: "start.cwd.plain_path",
    reason: "plain absolute paths serve clients before 0.150.0 as well",
    output: /^\{"stdout":"\/tmp\\n"\}$/,
    error: /"code":-32602,"message":"invalid URI: relative URL without a base"/,
  }),
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
  ...signEach(
    {
      cases: "terminate.background_child_holding_stdout_after_exit",
      kind: "safer",
      reason: treesDie,
    },
    {
      childAlive: [true, false],
      closedWhileHeld: [false, true],
      closedNotifiedWhileHeld: [0, 1],
    },
  ),
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
  ...signEach(
    {
      cases: "output.retention_1MiB",
      kind: "lossless",
      reason: "more than 1 MiB is kept, and what is not kept is declared",
    },
    {
      keptAtMost1MiB: [true, false],
      oldestDropped: [true, false],
    },
  ),
  ...signEach(
    {
      cases: "resume.detached_output_beyond_1MiB_is_lost",
      kind: "lossless",
      reason: "output of a detached session waits in a file; nothing of it is lost",
    },
    {
      firstSeqIs1: [false, true],
      bytesAtMost1MiB: [true, false],
    },
  ),
  {
    cases: "read.inline_long_poll_blocks_other_requests",
    path: "statusHeldUntilPollEnds",
    reference: true,
    ours: false,
    kind: "faster",
    reason: "requests never block one another",
  },
  ...signEach(
    {
      cases: "write.blocks_connection_when_child_does_not_read",
      kind: "faster",
      reason: "requests never block one another: a write that waits for its child waits alone",
    },
    {
      status: ["no answer", "answered"],
      term: ["no answer", "answered"],
    },
  ),
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
  ...signEach(
    {
      cases: "resize.not_implemented",
      kind: "beyond",
      reason: "process/resize exists here, with members rows and columns",
    },
    {
      "error.code": [-32601, -32602],
      "error.message": [/does not implement `process\/resize`/, "missing field `columns`"],
    },
  ),
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
