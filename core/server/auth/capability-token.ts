import type { Secret } from "../../host/secret.ts";
import { type AuthPolicy, accepted, refused } from "./auth-policy.ts";
import { bearerToken } from "./bearer-token.ts";

/** One secret word opens the door. Only its SHA-256 is kept, and digests are compared in constant time. */
export function capabilityToken(sha256: Secret<Uint8Array>): AuthPolicy {
  return {
    name: "capability-token",
    check(authorization) {
      const found = bearerToken(authorization);
      if (found.kind === "refused") return found;
      const digest = new Bun.CryptoHasher("sha256").update(found.token).digest();
      return crypto.timingSafeEqual(digest, sha256.reveal())
        ? accepted
        : refused("invalid websocket bearer token");
    },
  };
}
