import * as v from "valibot";
import { isJsonObject, type JsonValue } from "../json/json-value.ts";
import { describeValue } from "./describe-value.ts";

/**
 * An enum without data, as serde reads one: a name, or an object whose only key is the name (and whose value is
 * null). `expected` are the names that the error lists, where they differ from the accepted ones.
 */
export function variant<const Name extends string>(
  names: readonly Name[],
  expected: readonly string[] = names,
) {
  const unknown = (name: string) => `unknown variant \`${name}\`, expected ${listNames(expected)}`;
  return v.pipe(
    v.custom<string | { readonly [key: string]: JsonValue }>(isStringOrMap, "string or map"),
    v.rawTransform<string | { readonly [key: string]: JsonValue }, Name>(({ dataset, addIssue, NEVER }) => {
      const members = typeof dataset.value === "string" ? null : Object.entries(dataset.value);
      const [member] = members ?? [];
      if (members !== null && (member === undefined || members.length > 1)) {
        addIssue({ message: "invalid value: map, expected map with a single key" });
        return NEVER;
      }
      const [given, content] = member ?? [String(dataset.value), null];
      const name = names.find((candidate) => candidate === given);
      if (name === undefined) addIssue({ message: unknown(given) });
      else if (content !== null)
        addIssue({ message: `invalid type: ${describeValue(content)}, expected unit` });
      return name ?? NEVER;
    }),
  );
}

function isStringOrMap(value: unknown): boolean {
  // Everything that a schema sees came out of parseJson.
  return typeof value === "string" || isJsonObject(value as JsonValue);
}

function listNames(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  if (quoted.length <= 2) return quoted.join(" or ");
  return `one of ${quoted.join(", ")}`;
}
