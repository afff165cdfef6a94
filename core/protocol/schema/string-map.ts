import * as v from "valibot";
import { isJsonObject, type JsonValue } from "../json/json-value.ts";
import { describeValue } from "./describe-value.ts";

/** Names with values, in the order of the input. */
export type StringPairs = readonly (readonly [name: string, value: string])[];

/** An object whose values are strings; any name is fine. (valibot's record leaves some names out.) */
export const stringMap = v.pipe(
  // Everything that a schema sees came out of parseJson.
  v.custom<{ readonly [name: string]: JsonValue }>((value) => isJsonObject(value as JsonValue), "a map"),
  v.rawTransform<{ readonly [name: string]: JsonValue }, StringPairs>(({ dataset, addIssue, NEVER }) => {
    const pairs: [string, string][] = [];
    for (const [name, value] of Object.entries(dataset.value)) {
      if (typeof value !== "string") {
        addIssue({ message: `invalid type: ${describeValue(value)}, expected a string` });
        return NEVER;
      }
      pairs.push([name, value]);
    }
    return pairs;
  }),
);
