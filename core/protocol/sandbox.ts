import * as v from "valibot";
import { isJsonObject, type JsonObject, type JsonValue } from "./json/json-value.ts";
import { currentContext, type SandboxContext } from "./sandbox/current-context.ts";
import { legacyContext } from "./sandbox/legacy-context.ts";

export type { SandboxContext } from "./sandbox/current-context.ts";
export { type SandboxKind, sandboxKind } from "./sandbox/sandbox-kind.ts";

/** The permission profile that a request brings along, in today's form or in the one before permission profiles. */
export const sandboxContext = v.lazy((input): v.GenericSchema<JsonObject, SandboxContext> => {
  // Everything that a schema sees came out of parseJson.
  const legacySent = isJsonObject(input as JsonValue) && isLegacy(input as JsonObject);
  // Both refuse by themselves what is no object of theirs; the input's type only serves the caller.
  return (legacySent ? legacyContext() : currentContext()) as unknown as v.GenericSchema<
    JsonObject,
    SandboxContext
  >;
});

function isLegacy(context: JsonObject): boolean {
  return "sandboxPolicy" in context && !("permissions" in context);
}
