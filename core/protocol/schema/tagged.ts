import * as v from "valibot";
import { isJsonObject, type JsonObject, type JsonValue } from "../json/json-value.ts";
import { bufferedIssues } from "./buffered-issues.ts";
import { describeBuffered } from "./describe-value.ts";
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
  const schema = v.lazy((input): v.GenericSchema<JsonObject, Output<V, Tag>> => {
    // Everything that a schema sees came out of parseJson. What comes out of the chosen schema has been seen to have
    // one of the keys as its tag, and that key's entries; the other three only refuse.
    return choose(input as JsonValue) as unknown as v.GenericSchema<JsonObject, Output<V, Tag>>;
  });
  const run = schema["~run"].bind(schema);
  return {
    ...schema,
    "~run"(dataset, config) {
      const result = run(dataset, config);
      for (const issue of result.issues ?? []) {
        // The tag itself is looked at first, and not out of the buffer.
        if (issue.path?.length !== 1 || issue.path[0].key !== tag) bufferedIssues.add(issue);
      }
      return result;
    },
  };
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
