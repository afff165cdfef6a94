import { limits } from "../../../limits.ts";

/** Until when a request has to be answered. */
export interface Deadline {
  /** On the clock of performance.now(). */
  readonly at: number;
  /** How long that was when it was asked, ms. */
  readonly ms: number;
}

/**
 * The time of a request that was asked at `askedAt` counts from then: behind one that is stuck, the next ones do not get
 * the whole of it again. A little is left for one whose turn comes late, since it may be a fast one.
 */
export function deadlineSince(askedAt: number, ms: number): Deadline {
  return { at: Math.max(askedAt + ms, performance.now() + Math.min(ms, limits.fsHelperLateMs)), ms };
}

/** What is left of it, ms; at least 0. */
export function leftOf({ at }: Deadline): number {
  return Math.max(0, at - performance.now());
}
