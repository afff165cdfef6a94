import { limits } from "../limits.ts";

/**
 * How long to wait before attempt `attempt` (0, 1, …), ms: the first comes at once, then twice as long each time, with
 * half of it left to chance so that many clients do not come back together.
 */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  if (attempt === 0) return 0;
  const ceiling = Math.min(limits.reconnectLongestMs, limits.reconnectFirstMs * 2 ** (attempt - 1));
  return ceiling / 2 + (random() * ceiling) / 2;
}
