import type { AuthPolicy } from "../auth/auth-policy.ts";
import { isAllowedHost } from "./host-header.ts";

/** Who may come in by a listener. */
export interface DoorPolicy {
  readonly auth: AuthPolicy;
  /** Names beside IP literals and `localhost` that `Host` may hold; `"any"` where no browser can come from. */
  readonly hosts: readonly string[] | "any";
}

/** The websocket may be opened. */
export const welcome = Symbol("welcome");

/**
 * Answers a request that comes to the listener's port, or says {@link welcome} to a websocket. Texts, codes
 * and the order of the checks are the reference's; the check of `Host` is ours. `/readyz` stands before it,
 * as it stands before auth: load balancers probe it by any name, and it tells nothing.
 */
export function answerAtDoor(request: Request, policy: DoorPolicy): Response | typeof welcome {
  const { headers, method } = request;
  if (headers.has("origin")) return empty(403);
  const path = pathOf(request.url);
  if (path === "/readyz") {
    return method === "GET" || method === "HEAD" ? empty(200) : empty(405, { allow: "GET,HEAD" });
  }
  if (path !== "/") return empty(404);
  if (policy.hosts !== "any" && !isAllowedHost(headers.get("host"), policy.hosts)) {
    return text(403, "`Host` is neither an IP address, localhost nor allowed by --allow-host");
  }
  if (method !== "GET") return text(405, "Request method must be `GET`");
  if (!headers.get("connection")?.toLowerCase().includes("upgrade")) {
    return text(400, "Connection header did not include 'upgrade'");
  }
  if (headers.get("upgrade")?.toLowerCase() !== "websocket") {
    return text(400, "`Upgrade` header did not include 'websocket'");
  }
  if (!headers.has("sec-websocket-key")) return text(400, "`Sec-WebSocket-Key` header missing");
  if (headers.get("sec-websocket-version") !== "13") {
    return text(400, "`Sec-WebSocket-Version` header did not include '13'");
  }
  const verdict = policy.auth.check(headers.get("authorization"));
  return verdict.kind === "accepted" ? welcome : text(401, verdict.reason);
}

function empty(status: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers });
}

/** A plain text answer. */
export function text(status: number, body: string): Response {
  return new Response(body, { status, headers: { "content-type": "text/plain; charset=utf-8" } });
}

/** Of `http://host/path?query`, or of `/path?query` as HTTP/1.0 has it. Not decoded. */
function pathOf(url: string): string {
  return url.replace(/^[a-z]+:\/\/[^/?#]*/i, "").replace(/[?#].*$/s, "") || "/";
}
