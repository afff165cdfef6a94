import * as v from "valibot";

type Schema = v.GenericSchema;

/** Rust's Option: absent or null means null. In a positional array it has to be there. */
export function option<const S extends Schema>(schema: S) {
  return v.nullish(schema, null as v.InferInput<S> | null);
}

/** An Option with a serde default: absent or null means null, in a positional array too. */
export function defaultedOption<const S extends Schema>(schema: S) {
  return v.optional(v.nullable(schema), null as v.InferInput<S> | null);
}

/** A field with a serde default: it may be absent, but not null. */
export function defaulted<const S extends Schema>(schema: S, value: v.InferInput<S>) {
  return v.optional(schema, value);
}
