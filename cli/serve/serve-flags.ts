import { limits } from "../../core/limits.ts";
import { UsageError } from "../arguments/usage-error.ts";

/** `--session-ttl`: whole seconds, 1 to a day. */
export function sessionTtl(text: string): number {
  const seconds = wholeNumber(text);
  if (seconds === undefined || seconds < 1n || seconds > BigInt(limits.sessionTtlMaxSeconds)) {
    throw new UsageError(
      `--session-ttl takes whole seconds from 1 to ${limits.sessionTtlMaxSeconds}, not ${JSON.stringify(text)}`,
    );
  }
  return Number(seconds);
}

/**
 * `--concurrent-requests`, which the reference has: any number from 1 on is fine, and none changes anything,
 * since requests never block one another here. Refused in the reference's words.
 */
export function checkConcurrentRequests(text: string): void {
  const refuse = (reason: string): never => {
    throw new UsageError(`invalid value '${text}' for '--concurrent-requests <COUNT>': ${reason}`);
  };
  if (text === "") refuse("cannot parse integer from empty string");
  const count = wholeNumber(text);
  if (count === undefined) return refuse("invalid digit found in string");
  if (count === 0n) refuse("number would be zero for non-zero type");
  if (count >= 2n ** 64n) refuse("number too large to fit in target type");
}

/** `--ws-max-clock-skew-seconds`. */
export function clockSkew(text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined;
  const seconds = wholeNumber(text);
  if (seconds === undefined || seconds >= 2n ** 63n) {
    throw new UsageError(`--ws-max-clock-skew-seconds takes whole seconds, not ${JSON.stringify(text)}`);
  }
  return seconds;
}

function wholeNumber(text: string): bigint | undefined {
  return /^\+?[0-9]+$/.test(text) ? BigInt(text.replace("+", "")) : undefined;
}
