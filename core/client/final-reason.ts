import { goingAway } from "../protocol/going-away.ts";
import { ErrorCode, RpcError } from "../protocol/rpc-error.ts";
import { ProtocolViolationError } from "../rpc/caller.ts";
import { type ConnectionEnd, DialError } from "../transport/dialed-connection.ts";

/** Why the session cannot outlive this end of its connection; undefined where it may. */
export function finalEnd(end: ConnectionEnd | undefined): string | undefined {
  // The code alone says little: a proxy that is restarted sends it too, and the server behind it lives on.
  const ended = end?.code === goingAway.code && end.reason === goingAway.reason;
  return ended ? "the server was ended, and its processes with it" : undefined;
}

/** Why trying again to resume is of no use, in words for people; undefined where it may help. */
export function finalReason(error: unknown): string | undefined {
  if (error instanceof RpcError) {
    // The server has not noticed yet that the old connection is dead.
    if (error.code === ErrorCode.sessionAttached) return undefined;
    if (error.message.startsWith("unknown session id")) {
      return "the session has expired on the server, and its processes with it";
    }
    return `the server refused to resume the session: ${error.message}`;
  }
  if (error instanceof ProtocolViolationError) return error.message;
  if (error instanceof DialError && !error.retry) return error.message;
  return undefined;
}
