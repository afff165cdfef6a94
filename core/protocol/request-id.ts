import { NonInteger } from "./json/json-value.ts";

/** A string, or an integer within i64; a bigint where a double would round it. */
export type RequestId = string | number | bigint;

const maxI64 = 9_223_372_036_854_775_807n;

export function isRequestId(value: unknown): value is RequestId {
  if (value instanceof NonInteger) return false;
  // A number off the wire is a safe integer, and a bigint is not below i64.
  return (
    typeof value === "string" || typeof value === "number" || (typeof value === "bigint" && value <= maxI64)
  );
}
