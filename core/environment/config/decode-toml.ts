import { limits } from "../../limits.ts";
import { nearest } from "../nearest-word.ts";
import { ConfigFault } from "./config-fault.ts";
import { describeSecret, describeToml } from "./describe-toml.ts";

/**
 * Reads a value, or throws the {@link ConfigFault} that serde would find first. A fault says where it is as seen from
 * the value; each container adds its own step, so that nobody keeps count of places in a file that is right.
 */
export type Decode<T> = (value: unknown) => T;

export const string: Decode<string> = typed("a string", (value) => typeof value === "string");
export const path: Decode<string> = typed("path string", (value) => typeof value === "string");
export const boolean: Decode<boolean> = typed("a boolean", (value) => typeof value === "boolean");

/** A string that may be a secret: no error repeats what is in its place. */
export const secret: Decode<string> = (value) => {
  if (typeof value !== "string") throw wrongType(value, "a string", describeSecret);
  return value;
};

/** A table of such strings. */
export const secrets: Decode<ReadonlyMap<string, string>> = (value) => {
  if (typeof value === "string") throw wrongType(value, "a map", describeSecret);
  return tableOf(secret)(value);
};

/** A duration in seconds, as ms. Integers are taken as well. */
export function seconds(value: unknown): number {
  if (typeof value !== "number" && typeof value !== "bigint") throw wrongType(value, "f64");
  const amount = Number(value);
  const wrong = (what: string) =>
    new ConfigFault(`cannot convert float seconds to Duration: value is ${what}`, { at: [], kind: "shape" });
  if (amount < 0) throw wrong("negative");
  if (Number.isNaN(amount) || amount >= 2 ** 64) throw wrong("either too big or NaN");
  return Math.min(amount * 1_000, limits.longestTimerMs);
}

export function list<T>(item: Decode<T>): Decode<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) throw wrongType(value, "a sequence");
    return value.map((entry: unknown, index) => below(index, item, entry));
  };
}

/** The list that most are: looked through at once, since a file may have thousands. */
export const strings: Decode<readonly string[]> = (value) => {
  const isSound = Array.isArray(value) && value.every((entry) => typeof entry === "string");
  return isSound ? value : list(string)(value);
};

/** A table with any keys. */
export function tableOf<T>(member: Decode<T>): Decode<ReadonlyMap<string, T>> {
  return (value) =>
    new Map(membersOf(value, "a map").map(([key, entry]) => [key, below(key, member, entry)]));
}

type Fields = Readonly<Record<string, Decode<unknown>>>;

export type Decoded<F extends Fields> = { readonly [Name in keyof F]?: ReturnType<F[Name]> };

/** A table with these keys and no others, each of which may be absent. `name` is what the reference calls it. */
export function struct<const F extends Fields>(name: string, fields: F): Decode<Decoded<F>> {
  const names = Object.keys(fields);
  return (value) => {
    const decoded: Record<string, unknown> = {};
    for (const [key, member] of membersOf(value, name)) {
      const decode = Object.hasOwn(fields, key) ? fields[key] : undefined;
      if (decode === undefined) throw unknownField(key, names);
      decoded[key] = below(key, decode, member);
    }
    // Each member came out of the decoder that Decoded is derived from.
    return decoded as Decoded<F>;
  };
}

/**
 * The same, which may also be a list of the values in the order of `fields`, as serde reads one. Such a list may end
 * before its time only where each field that it lacks is one of `lackable`; what is behind the last is passed over.
 */
export function structOrList<const F extends Fields>(
  name: string,
  fields: F,
  lackable: readonly (keyof F)[],
): Decode<Decoded<F>> {
  const table = struct(name, fields);
  const inOrder = Object.entries(fields);
  return (value) => {
    if (!Array.isArray(value)) return table(value);
    const decoded: Record<string, unknown> = {};
    for (const [index, [key, decode]] of inOrder.entries()) {
      if (index < value.length) decoded[key] = below(index, decode, value[index]);
      else if (!lackable.includes(key)) throw tooShort(index, `${name} with ${inOrder.length} elements`);
    }
    // Each member came out of the decoder that Decoded is derived from.
    return decoded as Decoded<F>;
  };
}

function typed<T>(expected: string, is: (value: unknown) => value is T): Decode<T> {
  return (value) => {
    if (!is(value)) throw wrongType(value, expected);
    return value;
  };
}

/** What `decode` makes of a member; a fault in it is one at this step. */
function below<T>(step: string | number, decode: Decode<T>, value: unknown): T {
  try {
    return decode(value);
  } catch (error) {
    throw error instanceof ConfigFault ? error.below(step) : error;
  }
}

function membersOf(value: unknown, expected: string): [string, unknown][] {
  const isTable = typeof value === "object" && value !== null && !Array.isArray(value);
  if (value instanceof Date) throw wrongType(value, expected, () => "datetime");
  if (!isTable) throw wrongType(value, expected);
  return Object.entries(value);
}

function wrongType(value: unknown, expected: string, describe = describeToml): ConfigFault {
  return new ConfigFault(`invalid type: ${describe(value)}, expected ${expected}`, {
    at: [],
    kind: "shape",
  });
}

function tooShort(length: number, expected: string): ConfigFault {
  return new ConfigFault(`invalid length ${length}, expected ${expected}`, { at: [], kind: "shape" });
}

function unknownField(key: string, names: readonly string[]): ConfigFault {
  const quoted = names.map((name) => `\`${name}\``).join(", ");
  const expected = names.length > 1 ? `one of ${quoted}` : quoted;
  const suggestion = nearest(key, names);
  // The reference names the table, not the key, as the place.
  return new ConfigFault(`unknown field \`${key}\`, expected ${expected}`, {
    at: [key],
    within: [],
    kind: "shape",
    suggestion,
  });
}
