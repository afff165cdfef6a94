import { encodeBase64 } from "../../protocol/base64.ts";
import type { MethodParams } from "../../protocol/methods.ts";
import type { MethodResults } from "../../protocol/results.ts";
import { type LogSlice, readLog } from "../log/read-log.ts";
import type { ManagedProcess } from "../managed-process.ts";

type ReadParams = MethodParams["process/read"];
type ReadResult = MethodResults["process/read"];

/** The longest delay a timer takes, ms; a longer wait is waited for in one such piece and answers early. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** `process/read`: answers with what is there, or waits for the next event. `ended` resolves when nobody listens. */
export async function readProcess(
  process: ManagedProcess,
  params: ReadParams,
  ended: Promise<void>,
): Promise<ReadResult> {
  const afterSeq = Math.min(Number(params.afterSeq ?? 0), Number.MAX_SAFE_INTEGER);
  const waitMs = Math.min(Number(params.waitMs ?? 0), LONGEST_TIMER_MS);
  if (waitMs > 0 && !answerable(process, afterSeq)) await nextAnswer(process, { waitMs, ended });
  const slice = readLog(process.log, {
    afterSeq,
    maxBytes: params.maxBytes === null ? undefined : Number(params.maxBytes),
  });
  if (process.delivery.unclaimed) claimAfterAnswer(process, slice, params.maxBytes !== null);
  const { exit } = process.log;
  const told = slice.end !== "limit";
  const over = told && exit !== undefined;
  return {
    chunks: slice.chunks.map((chunk) => ({
      seq: chunk.seq,
      stream: chunk.stream,
      chunk: encodeBase64(chunk.bytes),
    })),
    nextSeq: slice.nextSeq,
    exited: over,
    exitCode: over && exit.kind === "exited" ? exit.code : null,
    closed: told && process.log.closed,
    failure: exit?.kind === "unknown" ? exit.reason : null,
    sandboxDenied: false,
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

interface Wait {
  readonly waitMs: number;
  readonly ended: Promise<void>;
}

function nextAnswer(process: ManagedProcess, wait: Wait): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      unwatch();
      resolve();
    };
    const timer = setTimeout(finish, wait.waitMs);
    const unwatch = process.log.watch(finish);
    void wait.ended.then(finish);
  });
}
