import { type Refusal, refused } from "./auth-policy.ts";

/**
 * The token of an `Authorization: Bearer TOKEN` header. The scheme's case does not matter and spaces around
 * the token are dropped; a tab, or anything outside printable ASCII, is refused.
 */
export function bearerToken(authorization: string | null): { kind: "token"; token: string } | Refusal {
  if (authorization === null) return refused("missing websocket bearer token");
  const token = /^bearer +([\x20-\x7e]*)$/i.exec(authorization)?.[1]?.trim();
  if (token === undefined || token === "") return refused("invalid authorization header");
  return { kind: "token", token };
}
