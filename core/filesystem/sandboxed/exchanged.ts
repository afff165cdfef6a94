import { Errno, osErrorText } from "../../host/errno.ts";
import { limits } from "../../limits.ts";
import { ErrorCode, RpcError } from "../../protocol/rpc-error.ts";
import { errnoOf } from "../os-error.ts";

/** What was looked at is of another kind by now: somebody exchanges it. Nothing was done; it goes on the wire as EAGAIN. */
export class Exchanged extends RpcError {
  constructor(cause?: unknown) {
    super(ErrorCode.internal, osErrorText(Errno.EAGAIN), { cause });
  }
}

/** The kernel lets looks and exchanges take turns: after some tries that were in step with those, others come later. */
export function leaveStep(tries: number): void {
  if (tries > limits.fsExchanges / 4) Bun.sleepSync(Math.random());
}

/** Begins an operation again that threw {@link Exchanged}, so that it finds the one thing or the other; not for ever. */
export function whileExchanged<T>(operation: () => T): T {
  for (let tries = 1; ; tries++) {
    try {
      return operation();
    } catch (cause) {
      if (!(cause instanceof Exchanged) || tries === limits.fsExchanges) throw cause;
      leaveStep(tries);
    }
  }
}

/**
 * Opens what was found at a name. `other` is the errno of what is none of the kind that was found: then it throws
 * {@link Exchanged}, but tries twice, since the kernel lets looks and exchanges take turns.
 */
export function openFound<T>(open: () => T, other: number): T {
  try {
    return open();
  } catch (cause) {
    if (errnoOf(cause) !== other) throw cause;
  }
  try {
    return open();
  } catch (cause) {
    throw errnoOf(cause) === other ? new Exchanged(cause) : cause;
  }
}
