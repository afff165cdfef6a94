import * as v from "valibot";
import { isJsonObject, type JsonObject, type JsonValue, NonInteger } from "../json/json-value.ts";
import { describeValue } from "./describe-value.ts";
import { text } from "./scalars.ts";
import { struct } from "./struct.ts";
import { variant } from "./variant.ts";

type Variants = { readonly [type: string]: v.ObjectEntries };
type Output<V extends Variants, Tag extends string> = {
  [Type in keyof V & string]: { readonly [T in Tag]: Type } & v.InferOutput<v.ObjectSchema<V[Type], string>>;
}[keyof V & string];

/** An enum whose variants are objects told apart by one member, `type` by default (serde: internally tagged). */
export function tagged<const V extends Variants, const Tag extends string = "type">(
  name: string,
  variants: V,
  // What the type says when nothing is given.
  tag: Tag = "type" as Tag,
): v.GenericSchema<JsonObject, Output<V, Tag>> {
  const types = Object.keys(variants);
  const byType = new Map(types.map((type) => [type, struct(type, { [tag]: text, ...variants[type] })]));
  const noMap = refused(
    (value) => `invalid type: ${describeBuffered(value)}, expected internally tagged enum ${name}`,
  );
  const noName = struct(name, {
    [tag]: v.custom<string>((type) => typeof type === "string", "variant identifier"),
  });
  const noVariant = struct(name, { [tag]: variant(types) });
  const choose = (value: JsonValue) => {
    if (!isJsonObject(value)) return noMap;
    const type = value[tag];
    return typeof type === "string" ? (byType.get(type) ?? noVariant) : noName;
  };
  return v.lazy((input): v.GenericSchema<JsonObject, Output<V, Tag>> => {
    // Everything that a schema sees came out of parseJson. What comes out of the chosen schema has been seen to have
    // one of the keys as its tag, and that key's entries; the other three only refuse.
    return choose(input as JsonValue) as unknown as v.GenericSchema<JsonObject, Output<V, Tag>>;
  });
}

/** serde has buffered a tagged enum before it looks at it, and then tells kinds of numbers apart. */
function describeBuffered(value: unknown): string {
  if (value instanceof NonInteger) return `floating point \`${value.text}\``;
  return typeof value === "number" || typeof value === "bigint"
    ? `integer \`${value}\``
    : describeValue(value);
}

function refused(explain: (value: unknown) => string) {
  return v.pipe(
    v.unknown(),
    v.rawTransform<unknown, never>(({ dataset, addIssue, NEVER }) => {
      addIssue({ message: explain(dataset.value) });
      return NEVER;
    }),
  );
}
