import * as v from "valibot";
import { firstMistake } from "./mistake.ts";

/** A value that does not fit its schema; the message is serde's. */
export class SchemaMistake extends Error {
  override readonly name = "SchemaMistake";
  /** Where it is in the value; empty for the whole of it. */
  readonly member: string;

  constructor(message: string, member = "") {
    super(message);
    this.member = member;
  }
}

/** Decodes a value that parseJson made. Throws {@link SchemaMistake}. */
export function decode<const S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const { message, member } = firstMistake(result.issues);
  throw new SchemaMistake(message, member);
}
