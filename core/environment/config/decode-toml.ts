import { nearest } from "../nearest-word.ts";
import type { TomlPath } from "../toml/toml-positions.ts";
import { ConfigFault } from "./config-fault.ts";
import { describeToml } from "./describe-toml.ts";

/** A value of a parsed document and where it stands. */
export interface Placed {
  readonly value: unknown;
  readonly at: TomlPath;
}

type Decode<T> = (placed: Placed) => T;

/** Reads a value as `decode` says, or throws the fault that serde would find first. */
export const string: Decode<string> = typed("a string", (value) => typeof value === "string");
export const path: Decode<string> = typed("path string", (value) => typeof value === "string");
export const boolean: Decode<boolean> = typed("a boolean", (value) => typeof value === "boolean");

/** A duration in seconds, as ms. Integers are taken as well. */
export function seconds(placed: Placed): number {
  const { value, at } = placed;
  if (typeof value !== "number" && typeof value !== "bigint") throw wrongType(placed, "f64");
  const amount = Number(value);
  const wrong = (what: string) =>
    new ConfigFault(`cannot convert float seconds to Duration: value is ${what}`, { at, kind: "shape" });
  if (amount < 0) throw wrong("negative");
  if (Number.isNaN(amount) || amount >= 2 ** 64) throw wrong("either too big or NaN");
  return amount * 1_000;
}

export function list<T>(item: Decode<T>): Decode<readonly T[]> {
  return (placed) => {
    const { value, at } = placed;
    if (!Array.isArray(value)) throw wrongType(placed, "a sequence");
    return value.map((entry: unknown, index) => item({ value: entry, at: [...at, index] }));
  };
}

/** A table with any keys. */
export function tableOf<T>(member: Decode<T>): Decode<ReadonlyMap<string, T>> {
  return (placed) => {
    const entries = membersOf(placed, "a map");
    return new Map(entries.map(([key, value]) => [key, member({ value, at: [...placed.at, key] })]));
  };
}

type Fields = Readonly<Record<string, Decode<unknown>>>;

export type Decoded<F extends Fields> = { readonly [Name in keyof F]?: ReturnType<F[Name]> };

/** A table with these keys and no others, each of which may be absent. `name` is what the reference calls it. */
export function struct<const F extends Fields>(name: string, fields: F): Decode<Decoded<F>> {
  const names = Object.keys(fields);
  return (placed) => {
    const decoded: Record<string, unknown> = {};
    for (const [key, value] of membersOf(placed, name)) {
      const at = [...placed.at, key];
      const decode = Object.hasOwn(fields, key) ? fields[key] : undefined;
      if (decode === undefined) throw unknownField(key, names, at);
      decoded[key] = decode({ value, at });
    }
    // Each member came out of the decoder that Decoded is derived from.
    return decoded as Decoded<F>;
  };
}

function typed<T>(expected: string, is: (value: unknown) => value is T): Decode<T> {
  return (placed) => {
    if (!is(placed.value)) throw wrongType(placed, expected);
    return placed.value;
  };
}

function membersOf(placed: Placed, expected: string): [string, unknown][] {
  const { value } = placed;
  const isTable = typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isTable || value instanceof Date) throw wrongType(placed, expected);
  return Object.entries(value);
}

function wrongType({ value, at }: Placed, expected: string): ConfigFault {
  return new ConfigFault(`invalid type: ${describeToml(value)}, expected ${expected}`, { at, kind: "shape" });
}

function unknownField(key: string, names: readonly string[], at: TomlPath): ConfigFault {
  const quoted = names.map((name) => `\`${name}\``).join(", ");
  const expected = names.length > 1 ? `one of ${quoted}` : quoted;
  const suggestion = nearest(key, names);
  // The reference names the table, not the key, as the place.
  return new ConfigFault(`unknown field \`${key}\`, expected ${expected}`, {
    at,
    within: at.slice(0, -1),
    kind: "shape",
    suggestion,
  });
}
