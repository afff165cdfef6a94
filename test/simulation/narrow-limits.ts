import { limits } from "../../core/limits.ts";
import type { Substitute } from "./substitute.ts";

type Limits = Partial<Record<keyof typeof limits, number>>;

/** Limits so small that runs of a few kilobytes meet them. */
export const narrowLimits: readonly Substitute[] = substitutesOf({
  inboundHighWaterBytes: 3_000,
  inboundLowWaterBytes: 1_000,
  heldEvents: 6,
  readAnswerBytes: 1_500,
  outboundHighWaterBytes: 3_000,
  outboundLowWaterBytes: 1_000,
  unsentOutputBytes: 4_000,
});

/** What only takes time: a fresh megabyte for each of ten thousand servers. */
export const thriftyLimits: readonly Substitute[] = substitutesOf({ arenaSegmentBytes: 128 * 1024 });

function substitutesOf(values: Limits): Substitute[] {
  return Object.entries(values).map(([name, value]) => ({ owner: limits, name, value }));
}
