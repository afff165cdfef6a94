import { Errno, osErrorText } from "../host/errno.ts";
import { ErrorCode, RpcError } from "../protocol/rpc-error.ts";
import type { Answer } from "./answer.ts";

/** What the dialect answers for an errno: not found, bad input or permission, or an internal error. */
export function osFailure(errno: number, cause?: unknown): RpcError {
  return new RpcError(codeOf(errno), osErrorText(errno), { cause });
}

/** A request that cannot be granted whatever the disk holds. */
export function invalidInput(message: string): RpcError {
  return new RpcError(ErrorCode.invalidRequest, message);
}

/** The Linux error number of a failed node:fs call. */
export function errnoOf(cause: unknown): number | undefined {
  if (!(cause instanceof Error) || !("errno" in cause)) return undefined;
  return typeof cause.errno === "number" ? Math.abs(cause.errno) : undefined;
}

/** Any failure of a filesystem call as the error that goes on the wire. */
export function toRpcError(cause: unknown): RpcError {
  if (cause instanceof RpcError) return cause;
  const errno = errnoOf(cause);
  if (errno !== undefined) return osFailure(errno, cause);
  if (isInvalidPath(cause)) return invalidInput("file name contained an unexpected NUL byte");
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new RpcError(ErrorCode.internal, reason, { cause });
}

/** Runs an operation; what it throws or rejects with becomes an {@link RpcError}. */
export function withRpcErrors<T>(operation: () => Answer<T>): Answer<T> {
  try {
    const answer = operation();
    return answer instanceof Promise ? answer.catch(rethrow) : answer;
  } catch (cause) {
    return rethrow(cause);
  }
}

function rethrow(cause: unknown): never {
  throw toRpcError(cause);
}

function codeOf(errno: number): ErrorCode {
  switch (errno) {
    case Errno.ENOENT:
      return ErrorCode.notFound;
    case Errno.EACCES:
    case Errno.EPERM:
    case Errno.EINVAL:
      return ErrorCode.invalidRequest;
    default:
      return ErrorCode.internal;
  }
}

/** node:fs refuses a path with NUL itself, without an errno. */
function isInvalidPath(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ERR_INVALID_ARG_VALUE";
}
