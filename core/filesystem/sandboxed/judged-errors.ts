import type { Answer } from "../answer.ts";
import { toRpcError } from "../os-error.ts";
import { DeniedUnknown } from "./judge.ts";

/** A failure as it goes on the wire; that the judge has to be told more is none. */
export function judgedError(cause: unknown): Error {
  return cause instanceof DeniedUnknown ? cause : toRpcError(cause);
}

/** Runs an operation; what it throws or rejects with becomes a {@link judgedError}. */
export function withJudgedErrors<T>(operation: () => Answer<T>): Answer<T> {
  try {
    const answer = operation();
    return answer instanceof Promise ? answer.catch(rethrow) : answer;
  } catch (cause) {
    return rethrow(cause);
  }
}

function rethrow(cause: unknown): never {
  throw judgedError(cause);
}
