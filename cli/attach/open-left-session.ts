import { hasEnded } from "../../core/client/server-gone.ts";
import { parseTarget, TargetError } from "../../core/client/target.ts";
import { limits } from "../../core/limits.ts";
import { ErrorCode, RpcError } from "../../core/protocol/rpc-error.ts";
import { DialError } from "../../core/transport/dialed-connection.ts";
import { type OpenLink, type OpenLinkOptions, openLink } from "../link/open-link.ts";
import { requestFor } from "../link/request-for.ts";
import type { SessionEntry } from "../registry/session-entry.ts";

/** How often a session is asked for that another connection seems to hold, ms. */
const retryMs = 200;

export interface LeftSessionRequest {
  readonly entry: SessionEntry;
  /** In place of those that were given when the session was opened. */
  readonly tokenFile: string | undefined;
  readonly caFile: string | undefined;
}

/** The session is over: its server does not know it any more, or has ended itself. */
export class SessionOverError extends Error {
  override readonly name = "SessionOverError";
}

/** Resumes a session that was left, to be kept for a day once more. Rejects as openLink does, and with SessionOverError. */
export async function openLeftSession(
  { entry, tokenFile, caFile }: LeftSessionRequest,
  options: Pick<OpenLinkOptions, "onState" | "note">,
): Promise<OpenLink> {
  const { reach, sessionId, where } = entry;
  const again = requestFor(reach, { resume: true, sessionTtl: String(limits.sessionTtlMaxSeconds) });
  const request = { ...again, tokenFile: tokenFile ?? again.tokenFile, caFile: caFile ?? again.caFile };
  const giveUpAt = performance.now() + limits.attachedRetryMs;
  for (;;) {
    try {
      return await openLink(request, {
        ...options,
        clientName: "codex-env attach",
        uses: ["commands"],
        usualTtlSeconds: limits.sessionTtlMaxSeconds,
        resumeSessionId: sessionId,
        onlyAt: where,
      });
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal?.message.startsWith("unknown session id")) {
        throw new SessionOverError("its session is over, and so is the process", { cause: error });
      }
      if (await isGone(entry, error)) {
        throw new SessionOverError("its server has ended, and so have the session and the process", {
          cause: error,
        });
      }
      if (refusal?.code !== ErrorCode.sessionAttached || performance.now() > giveUpAt) throw error;
      await Bun.sleep(retryMs);
    }
  }
}

/** Whether the server, on this machine, has ended. */
async function isGone({ where, provider }: SessionEntry, error: unknown): Promise<boolean> {
  const failure = error instanceof DialError || !(error instanceof Error) ? error : error.cause;
  if (!(failure instanceof DialError)) return false;
  try {
    return await hasEnded(parseTarget(where), provider, failure);
  } catch (problem) {
    // A program, not an address.
    if (problem instanceof TargetError) return false;
    throw problem;
  }
}

/** What the server said, under what was said about it here. */
function refusalOf(error: unknown): RpcError | undefined {
  if (error instanceof RpcError) return error;
  return error instanceof Error && error.cause !== undefined ? refusalOf(error.cause) : undefined;
}
