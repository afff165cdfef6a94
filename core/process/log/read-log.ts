import { limits } from "../../limits.ts";
import type { LogEvent } from "./event.ts";
import type { OutputLog } from "./output-log.ts";

/** `{"chunk":"","seq":4294967295,"stream":"stdout"},` and a little more. */
const CHUNK_WIRE_OVERHEAD = 64;

export interface LogSlice {
  readonly chunks: readonly (LogEvent & { kind: "output" })[];
  /** Read on with `afterSeq = nextSeq - 1`. */
  readonly nextSeq: number;
  /** Raw bytes that were asked for and are no longer retained. */
  readonly omittedBytes: number;
  /** Why the slice ends: nothing is left, the caller's `maxBytes`, or our own limit. */
  readonly end: "log" | "caller" | "limit";
}

export interface ReadRequest {
  readonly afterSeq: number;
  readonly maxBytes: number | undefined;
  /** Our own limit, raw bytes; {@link limits.readAnswerBytes} where absent. */
  readonly limitBytes?: number;
}

/**
 * What a reader who has everything up to `afterSeq` gets now. `maxBytes` counts raw bytes and never splits a chunk: the
 * first is always given, later ones while the sum stays within it. Without it the answer stops at
 * {@link limits.readAnswerBytes}. `nextSeq` follows the reference: the last given + 1 with `maxBytes` (or when stopped),
 * else the log's own.
 */
export function readLog(log: OutputLog, request: ReadRequest): LogSlice {
  const limit = request.limitBytes ?? limits.readAnswerBytes;
  const cap = Math.min(request.maxBytes ?? limit, limit);
  const chunks: (LogEvent & { kind: "output" })[] = [];
  let sum = 0;
  let wire = 0;
  let end: LogSlice["end"] = "log";
  for (let seq = Math.max(request.afterSeq + 1, log.firstSeq); seq < log.nextSeq; seq++) {
    const length = log.outputLength(seq);
    if (length === undefined) continue;
    if (chunks.length > 0 && (sum + length > cap || wire > limits.readAnswerWireBytes)) {
      end = request.maxBytes !== undefined && sum + length > request.maxBytes ? "caller" : "limit";
      break;
    }
    const event = log.event(seq);
    if (event?.kind !== "output") continue;
    chunks.push(event);
    sum += length;
    wire += Math.ceil(length / 3) * 4 + CHUNK_WIRE_OVERHEAD;
  }
  const last = chunks.at(-1);
  const bounded = end !== "log" || request.maxBytes !== undefined;
  return {
    chunks,
    nextSeq: bounded && last !== undefined ? last.seq + 1 : log.nextSeq,
    omittedBytes: log.omittedAfter(request.afterSeq),
    end,
  };
}
