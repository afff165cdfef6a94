import * as v from "valibot";
import { bytesSchema } from "../../rpc/bytes-schema.ts";
import type { StreamName } from "../process-backend.ts";
import type { ExitStatus } from "../spawned-process.ts";

/** An event as the server numbers it: one counter per process, from 1, without holes. */
export type SequencedEvent = { readonly seq: number } & (
  | { readonly kind: "output"; readonly stream: StreamName; readonly bytes: Uint8Array }
  | { readonly kind: "exited"; readonly status: ExitStatus; readonly sandboxDenied?: true }
  | { readonly kind: "closed" }
);

const seq = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const stream = v.picklist(["stdout", "stderr", "pty"]);
const exitCode = v.nullish(v.pipe(v.number(), v.safeInteger()));

/** No exit code is ever negative: that, or none, is how a server says that it does not know. */
export function statusOf(code: number | null | undefined, failure: string | null | undefined): ExitStatus {
  if (code === null || code === undefined || code < 0) {
    return { kind: "unknown", reason: failure ?? "the server does not know it" };
  }
  return { kind: "exited", code };
}

const output = v.object({ processId: v.string(), seq, stream, chunk: bytesSchema });
const failure = v.nullish(v.string());

const sandboxDenied = v.nullish(v.boolean());

const exited = v.object({ processId: v.string(), seq, exitCode, failure, sandboxDenied });
const closed = v.object({ processId: v.string(), seq });

/** Chunks of a `process/read` answer. */
export const readAnswerSchema = v.object({
  chunks: v.array(v.object({ seq, stream, chunk: bytesSchema })),
  nextSeq: seq,
  exited: v.boolean(),
  exitCode,
  closed: v.boolean(),
  failure,
  sandboxDenied,
  /** Ours: bytes between `afterSeq` and the first chunk that retention no longer holds. */
  omittedBytes: v.nullish(v.number(), 0),
});

export type ReadAnswer = v.InferOutput<typeof readAnswerSchema>;

/** The event of a `process/*` notification, or undefined for any other. Throws ValiError when it is malformed. */
export function parseNotification(
  method: string,
  params: unknown,
): { readonly processId: string; readonly event: SequencedEvent } | undefined {
  switch (method) {
    case "process/output": {
      const { processId, seq, stream, chunk } = v.parse(output, params);
      return { processId, event: { kind: "output", seq, stream, bytes: chunk } };
    }
    case "process/exited": {
      const { processId, seq, exitCode, failure, sandboxDenied } = v.parse(exited, params);
      const status = statusOf(exitCode, failure);
      return { processId, event: { kind: "exited", seq, status, ...(sandboxDenied && { sandboxDenied }) } };
    }
    case "process/closed": {
      const { processId, seq } = v.parse(closed, params);
      return { processId, event: { kind: "closed", seq } };
    }
    default:
      return undefined;
  }
}
