import { limits } from "../../core/limits.ts";
import type { Substitute } from "./substitute.ts";

/** Limits so small that runs of a few kilobytes meet them. */
export const narrowLimits: readonly Substitute[] = Object.entries({
  inboundHighWaterBytes: 3_000,
  inboundLowWaterBytes: 1_000,
  heldEvents: 6,
  readAnswerBytes: 1_500,
  outboundHighWaterBytes: 3_000,
  outboundLowWaterBytes: 1_000,
  unsentOutputBytes: 4_000,
} satisfies Partial<Record<keyof typeof limits, number>>).map(([name, value]) => ({
  owner: limits,
  name,
  value,
}));
