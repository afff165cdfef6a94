/**
 * A number literal that is not an integer of 64 bits: it has a fraction or an exponent, or it is beyond both
 * u64 and i64. The wire has no use for one, so its text is kept and whoever wants a number refuses it.
 */
export class NonInteger {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** An object off the wire: no prototype, so that a key such as `__proto__` or `constructor` is only a key. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** What {@link parseJson} makes: a safe integer is a number, another integer of 64 bits a bigint. */
export type JsonValue =
  | null
  | boolean
  | string
  | number
  | bigint
  | NonInteger
  | readonly JsonValue[]
  | JsonObject;

/** True for an object; arrays and number literals are none. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof NonInteger)
  );
}
