import * as v from "valibot";
import { NonInteger } from "../json/json-value.ts";

/** Messages of these schemas are what serde says it expected. */
export const text = v.string("a string");
export const flag = v.boolean("a boolean");

type NumberLiteral = number | bigint | NonInteger;

const maxU64 = 18_446_744_073_709_551_615n;
const maxI64 = 9_223_372_036_854_775_807n;

function isNumeric(value: unknown): boolean {
  return typeof value === "number" || typeof value === "bigint" || value instanceof NonInteger;
}

function isUnsigned(value: NumberLiteral): value is number | bigint {
  return !(value instanceof NonInteger) && value >= 0 && value <= maxU64;
}

function isSigned(value: NumberLiteral): value is number | bigint {
  // parseJson gives nothing below i64.
  return !(value instanceof NonInteger) && value <= maxI64;
}

/** An exact integer: a bigint where a double would round it. */
function integer(name: string, fits: (value: NumberLiteral) => value is number | bigint) {
  return v.pipe(v.custom<NumberLiteral>(isNumeric, name), v.guard(fits, "invalid number"));
}

export const i64 = integer("i64", isSigned);
export const u64 = integer("u64", isUnsigned);
/** Unsigned, as a number; beyond 2^53 it is rounded, which no count, offset or wait of ours reaches. */
export const count = v.pipe(u64, v.transform(Number));
/** The same under the name that Rust has for lengths. */
export const size = v.pipe(integer("usize", isUnsigned), v.transform(Number));
const nonZero = "a nonzero usize";

/** A length of at least one, which serde reads out of a buffer and words its mistakes accordingly. */
export const nonZeroSize = v.pipe(
  v.custom<NumberLiteral>(isNumeric, nonZero),
  v.rawTransform<NumberLiteral, number>(({ dataset: { value }, addIssue, NEVER }) => {
    if (!(value instanceof NonInteger) && value > 0 && value <= maxU64) return Number(value);
    const what =
      value instanceof NonInteger ? `type: floating point \`${value.text}\`` : `value: integer \`${value}\``;
    addIssue({ message: `invalid ${what}, expected ${nonZero}` });
    return NEVER;
  }),
);
