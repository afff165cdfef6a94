/** Why a peer is not let in: the body of the 401, in the reference's words. */
export interface Refusal {
  readonly kind: "refused";
  readonly reason: string;
}

export type Verdict = { readonly kind: "accepted" } | Refusal;

/** Decides whether a bearer token opens a websocket. */
export interface AuthPolicy {
  /** For the log: which sort of token it wants. */
  readonly name: "none" | "capability-token" | "signed-bearer-token";
  /** `authorization` is the header's value, `null` when there is none. */
  check(authorization: string | null): Verdict;
}

export const accepted: Verdict = { kind: "accepted" };

export function refused(reason: string): Refusal {
  return { kind: "refused", reason };
}

/** A listener without auth: any header is ignored. */
export const noAuth: AuthPolicy = { name: "none", check: () => accepted };
