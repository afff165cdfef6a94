import * as v from "valibot";
import { describeMistake } from "./mistake.ts";

/** A value that does not fit its schema; the message is serde's. */
export class SchemaMistake extends Error {
  override readonly name = "SchemaMistake";
}

/** Decodes a value that parseJson made. Throws {@link SchemaMistake}. */
export function decode<const S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  throw new SchemaMistake(describeMistake(result.issues));
}
