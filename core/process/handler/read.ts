import { encodeBase64 } from "../../protocol/base64.ts";
import type { MethodParams } from "../../protocol/methods.ts";
import type { MethodResults } from "../../protocol/results.ts";
import { type LogSlice, type ReadRequest, readLog } from "../log/read-log.ts";
import type { ManagedProcess } from "../managed-process.ts";

type ReadParams = MethodParams["process/read"];
type ReadResult = MethodResults["process/read"];

/** The longest delay a timer takes, ms; a longer wait is waited for in one such piece and answers early. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** Large answers are made only while the client takes them. */
export interface AnswerTurns {
  readonly congested: boolean;
  /** Resolves when one more may be made; it is sent in the same turn of the event loop. */
  turn(): Promise<void>;
}

/** Who asked. */
export interface Reader {
  /** Aborted when nobody waits for the answer any more. */
  readonly ended: AbortSignal;
  readonly answers: AnswerTurns;
}

/** `process/read`: answers with what is there, or waits for the next event. Rejects with the reason when `ended`. */
export function readProcess(
  process: ManagedProcess,
  params: ReadParams,
  reader: Reader,
): ReadResult | Promise<ReadResult> {
  const request = {
    afterSeq: Math.min(params.afterSeq ?? 0, Number.MAX_SAFE_INTEGER),
    maxBytes: params.maxBytes ?? undefined,
  };
  const waitMs = Math.min(params.waitMs ?? 0, LONGEST_TIMER_MS);
  if (waitMs > 0 && !answerable(process, request.afterSeq)) {
    return nextAnswer(process, waitMs, reader.ended).then(() => answerInTurn(process, request, reader));
  }
  return reader.answers.congested ? answerInTurn(process, request, reader) : answer(process, request);
}

async function answerInTurn(
  process: ManagedProcess,
  request: ReadRequest,
  reader: Reader,
): Promise<ReadResult> {
  await reader.answers.turn();
  reader.ended.throwIfAborted();
  return answer(process, request);
}

function answer(process: ManagedProcess, request: ReadRequest): ReadResult {
  const { log } = process;
  const slice = readLog(log, request);
  if (process.delivery.unclaimed) claimAfterAnswer(process, slice, request.maxBytes !== undefined);
  const { exit } = log;
  // Where our own limit cut the answer short, only what happened before the cut is told; the rest is pushed.
  const cut = slice.end === "limit";
  const exited = exit !== undefined && (!cut || log.exitSeq < slice.nextSeq);
  return {
    chunks: slice.chunks.map((chunk) => ({
      seq: chunk.seq,
      stream: chunk.stream,
      chunk: encodeBase64(chunk.bytes),
    })),
    nextSeq: slice.nextSeq,
    exited,
    exitCode: exited && exit.kind === "exited" ? exit.code : null,
    closed: !cut && log.closed,
    failure: exit?.kind === "unknown" ? exit.reason : null,
    sandboxDenied: exited && process.sandboxDenied,
    ...(slice.omittedBytes > 0 ? { omittedBytes: slice.omittedBytes } : {}),
  };
}

/** What the answer could not hold follows as notifications, so it is claimed once the answer is on its way. */
function claimAfterAnswer(process: ManagedProcess, slice: LogSlice, bounded: boolean): void {
  const { attachment } = process.delivery;
  setImmediate(() => {
    if (process.delivery.attachment !== attachment) return;
    process.delivery.claim(slice.nextSeq - 1, { end: slice.end, bounded });
    process.progressed();
  });
}

/** Something to say: a chunk, the end, or an exit that the reader has not seen. */
function answerable(process: ManagedProcess, afterSeq: number): boolean {
  const { log } = process;
  if (log.closed) return true;
  for (let seq = Math.max(afterSeq + 1, log.firstSeq); seq < log.nextSeq; seq++) {
    if (log.outputLength(seq) !== undefined) return true;
  }
  return log.exit !== undefined && afterSeq < log.nextSeq - 1;
}

function nextAnswer(process: ManagedProcess, waitMs: number, ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      unwatch();
      // A connection lives long: each wait takes with it what it left there.
      ended.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, waitMs);
    const unwatch = process.log.watch(finish);
    ended.addEventListener("abort", finish);
  });
}
