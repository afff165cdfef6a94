import type { Secret } from "../../host/secret.ts";
import { type AuthPolicy, accepted, refused, type Verdict } from "./auth-policy.ts";
import { bearerToken } from "./bearer-token.ts";
import { type Claims, verifyJwt } from "./jwt.ts";

export interface SignedBearerOptions {
  readonly secret: Secret<Uint8Array>;
  /** The only `iss` that is let in; absent: any, or none. */
  readonly issuer?: string;
  /** Must be (among) the token's `aud`; absent: any, or none. */
  readonly audience?: string;
  /** How far the issuer's clock may be off. */
  readonly maxClockSkewSeconds: bigint;
  /** Wall clock in milliseconds. */
  readonly now?: () => number;
}

/** A JWT signed with a shared secret opens the door while it is valid. */
export function signedBearerToken(options: SignedBearerOptions): AuthPolicy {
  const now = options.now ?? Date.now;
  return {
    name: "signed-bearer-token",
    check(authorization) {
      const found = bearerToken(authorization);
      if (found.kind === "refused") return found;
      const claims = verifyJwt(found.token, options.secret);
      if (claims === undefined) return refused("invalid websocket jwt");
      return judge(claims, options, BigInt(Math.floor(now() / 1000)));
    },
  };
}

function judge(claims: Claims, options: SignedBearerOptions, nowSeconds: bigint): Verdict {
  const { issuer, audience, maxClockSkewSeconds: skew } = options;
  if (nowSeconds > claims.exp + skew) return refused("expired websocket jwt");
  if (claims.nbf !== undefined && nowSeconds < claims.nbf - skew) {
    return refused("websocket jwt is not valid yet");
  }
  if (issuer !== undefined && claims.iss !== issuer) return refused("websocket jwt issuer mismatch");
  if (audience !== undefined && !claims.aud?.includes(audience)) {
    return refused("websocket jwt audience mismatch");
  }
  return accepted;
}
