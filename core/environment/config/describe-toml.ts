import { describeValue } from "../../protocol/schema/describe-value.ts";

/** A TOML value as the reference names it in an error. Integers come as bigint, all other numbers are floats. */
export function describeToml(value: unknown): string {
  if (typeof value === "bigint") return `integer \`${value}\``;
  if (typeof value === "number") return `floating point \`${rustFloat(value)}\``;
  return describeValue(value);
}

/** The same without the value: for what may be a secret. */
export function describeSecret(value: unknown): string {
  if (typeof value === "string") return 'string "[redacted]"';
  if (typeof value === "bigint") return "integer `[redacted]`";
  if (typeof value === "number") return "floating point `[redacted]`";
  if (typeof value === "boolean") return "boolean `[redacted]`";
  return describeToml(value);
}

/** A float as Rust prints it: all digits, and a point. */
function rustFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "inf" : "-inf";
  const text = Object.is(value, -0) ? "-0" : String(value);
  const [digits = "", exponent] = text.split("e");
  const plain = exponent === undefined ? digits : shifted(digits, Number(exponent));
  return plain.includes(".") ? plain : `${plain}.0`;
}

/** The digits with the point moved `by` places to the right. */
function shifted(digits: string, by: number): string {
  const [, sign = "", whole = "", part = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(digits) ?? [];
  const all = whole + part;
  const point = whole.length + by;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${all}`;
  return point >= all.length
    ? sign + all.padEnd(point, "0")
    : `${sign}${all.slice(0, point)}.${all.slice(point)}`;
}
