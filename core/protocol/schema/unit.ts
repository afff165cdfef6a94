import * as v from "valibot";
import type { JsonValue } from "../json/json-value.ts";
import { isJsonObject } from "../json/json-value.ts";

/** No params: absent, null or an empty object. */
export const unit = v.pipe(
  v.custom<JsonValue | undefined>(
    // Everything that a schema sees came out of parseJson.
    (value) =>
      value === null || (isJsonObject(value as JsonValue) && Object.keys(value as object).length === 0),
    "unit",
  ),
  v.transform(() => null),
);
