import { osErrorText } from "./errno.ts";

/** Why a call of node:fs failed, in the OS's words and without the path that its own message repeats. */
export function systemReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "errno" in error && typeof error.errno === "number"
    ? osErrorText(Math.abs(error.errno))
    : error.message;
}
