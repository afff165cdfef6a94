import * as v from "valibot";
import { isJsonObject, type JsonValue } from "../json/json-value.ts";
import { text } from "./scalars.ts";
import { struct } from "./struct.ts";
import { variant } from "./variant.ts";

type Variants = { readonly [type: string]: v.ObjectEntries };
type Output<V extends Variants> = {
  [Type in keyof V & string]: { readonly type: Type } & v.InferOutput<v.ObjectSchema<V[Type], string>>;
}[keyof V & string];

/** An enum whose variants are objects told apart by their member `type` (serde: internally tagged). */
export function tagged<const V extends Variants>(
  name: string,
  variants: V,
): v.GenericSchema<unknown, Output<V>> {
  const types = Object.keys(variants);
  const byType = new Map(types.map((type) => [type, struct(type, { type: text, ...variants[type] })]));
  const noMap = v.custom<never>(() => false, `internally tagged enum ${name}`);
  const noName = struct(name, {
    type: v.custom<string>((type) => typeof type === "string", "variant identifier"),
  });
  const noVariant = struct(name, { type: variant(types) });
  return v.lazy((input) => {
    // Everything that a schema sees came out of parseJson.
    const value = input as JsonValue;
    if (!isJsonObject(value)) return noMap;
    const { type } = value;
    const schema = typeof type === "string" ? (byType.get(type) ?? noVariant) : noName;
    // The schema's `type` has just been seen to be one of the keys, and the rest are that key's entries.
    return schema as unknown as v.GenericSchema<unknown, Output<V>>;
  });
}
