import { sanitise } from "./terminal/sanitise.ts";

/** One line about an error that is safe to show: its message may come from the other side. */
export function describeError(error: unknown): string {
  return sanitise(error instanceof Error ? error.message : String(error));
}
