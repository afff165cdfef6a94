import type { OutputStream } from "../../protocol/results.ts";
import type { ExitStatus } from "../spawned-process.ts";

/**
 * One event of a process. Each takes the next `seq`, from 1, without gaps; `closed` is always the last. `bytes` of an
 * event that was looked up in a log are a view, good until the log changes.
 */
export type LogEvent =
  | {
      readonly kind: "output";
      readonly seq: number;
      readonly stream: OutputStream;
      readonly bytes: Uint8Array;
    }
  | { readonly kind: "exited"; readonly seq: number; readonly status: ExitStatus }
  | { readonly kind: "closed"; readonly seq: number };
