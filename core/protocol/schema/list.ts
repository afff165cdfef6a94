import * as v from "valibot";

/** An array. */
export function list<const S extends v.GenericSchema>(item: S) {
  return v.array(item, "a sequence");
}
