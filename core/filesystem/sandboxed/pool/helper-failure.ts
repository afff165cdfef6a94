import { limits } from "../../../limits.ts";
import { ErrorCode, RpcError } from "../../../protocol/rpc-error.ts";

/** A helper could not do its work: what it was asked may have been done or not. */
export class HelperFailure extends RpcError {
  constructor(message: string, options?: ErrorOptions) {
    super(ErrorCode.internal, message, options);
  }

  /** The same of a request that changes something. */
  withUnknownEffect(): HelperFailure {
    return new HelperFailure(`${this.message}; whether the request took effect is not known`, {
      cause: this,
    });
  }
}

/** It had ended before the request came to it. */
export class HelperGone extends HelperFailure {
  constructor() {
    super("fs sandbox helper failed with an end before the request");
  }
}

/** It ended, or its answer never came. */
export function helperFailed(status: string, words: string): HelperFailure {
  const said = words.trim().slice(0, limits.fsHelperWordsCharacters);
  return new HelperFailure(`fs sandbox helper failed with ${status}${said === "" ? "" : `: ${said}`}`);
}

/** The answer did not come in time, or not even the request's turn. */
export function noAnswerWithin(ms: number): HelperFailure {
  return helperFailed(`no answer within ${ms / 1000} s`, "");
}

/** It said something that is no answer. */
export function helperUnreadable(cause: unknown): HelperFailure {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new HelperFailure(`failed to encode or decode fs sandbox helper message: ${reason}`, { cause });
}

/** Nothing was run. */
export function helperNotPrepared(cause: unknown): RpcError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new RpcError(ErrorCode.internal, `failed to prepare fs sandbox: ${reason}`, { cause });
}
