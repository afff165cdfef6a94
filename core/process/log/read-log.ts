import { limits } from "../../limits.ts";
import type { OutputLog } from "./output-log.ts";
import type { LogEvent } from "./event.ts";

/** `{"chunk":"","seq":4294967295,"stream":"stdout"},` and a little more. */
const CHUNK_WIRE_OVERHEAD = 64;

export interface LogSlice {
  readonly chunks: readonly (LogEvent & { kind: "output" })[];
  /** Read on with `afterSeq = nextSeq - 1`. */
  readonly nextSeq: number;
  /** Raw bytes that were asked for and are no longer retained. */
  readonly omittedBytes: number;
  /** False when the slice stopped at our own limit although the caller set none: more is there already. */
  readonly whole: boolean;
}

/**
 * What a reader who has everything up to `afterSeq` gets now. `maxBytes` counts raw bytes and never splits a chunk: the
 * first is always given, later ones while the sum stays within it. Without it the answer stops at
 * {@link limits.readAnswerBytes}. `nextSeq` follows the reference: the last given + 1 with `maxBytes` (or when stopped),
 * else the log's own.
 */
export function readLog(log: OutputLog, request: { afterSeq: number; maxBytes: number | undefined }): LogSlice {
  const cap = Math.min(request.maxBytes ?? limits.readAnswerBytes, limits.readAnswerBytes);
  const chunks: (LogEvent & { kind: "output" })[] = [];
  let sum = 0;
  let wire = 0;
  let stopped = false;
  for (let seq = Math.max(request.afterSeq + 1, log.firstSeq); seq < log.nextSeq; seq++) {
    const length = log.outputLength(seq);
    if (length === undefined) continue;
    if (chunks.length > 0 && (sum + length > cap || wire > limits.readAnswerWireBytes)) {
      stopped = true;
      break;
    }
    const event = log.event(seq);
    if (event?.kind !== "output") continue;
    chunks.push(event);
    sum += length;
    wire += Math.ceil(length / 3) * 4 + CHUNK_WIRE_OVERHEAD;
  }
  const last = chunks.at(-1);
  const bounded = stopped || request.maxBytes !== undefined;
  return {
    chunks,
    nextSeq: bounded && last !== undefined ? last.seq + 1 : log.nextSeq,
    omittedBytes: log.omittedAfter(request.afterSeq),
    whole: !stopped || (request.maxBytes !== undefined && sum >= request.maxBytes),
  };
}
