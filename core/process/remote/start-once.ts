import type * as v from "valibot";
import { RpcError } from "../../protocol/rpc-error.ts";
import { EffectUnknownError, type RemoteCalls } from "../../rpc/remote-calls.ts";
import { processMethods } from "./process-methods.ts";

export interface Started {
  readonly answer: v.InferOutput<typeof processMethods.start.answer>;
  /** The link was cut on the way, so events may have been missed. */
  readonly cut: boolean;
}

/**
 * Starts a process, once: a start cut short is looked up by its id, which only we can have used, so whether it happened
 * is known and not guessed. Rejects as `calls` does.
 */
export async function startOnce(
  calls: RemoteCalls,
  params: { readonly processId: string },
): Promise<Started> {
  for (let cut = false; ; cut = true) {
    try {
      return { answer: await calls.call(processMethods.start, params), cut };
    } catch (error) {
      if (!(error instanceof EffectUnknownError)) throw error;
      const { processId } = params;
      if (await exists(calls, processId)) return { answer: { processId }, cut: true };
    }
  }
}

async function exists(calls: RemoteCalls, processId: string): Promise<boolean> {
  for (;;) {
    try {
      await calls.call(processMethods.read, { processId, afterSeq: null, maxBytes: 0, waitMs: 0 });
      return true;
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      if (!error.message.endsWith("is starting")) return false;
      await Bun.sleep(50);
    }
  }
}
