import * as v from "valibot";
import { NonInteger } from "../json/json-value.ts";

/** What a number literal of any kind stands for where an object is expected: not an object. */
const notAnObject = 0;

/**
 * An object with named fields, as serde reads a struct: unknown members are ignored, and an array stands for the
 * fields in their order. `later` names fields of ours that have no place in the array.
 * The schema's message is serde's name for what is expected.
 */
export function struct<const Entries extends v.ObjectEntries>(
  name: string,
  entries: Entries,
  later: readonly (keyof Entries & string)[] = [],
): v.ObjectSchema<Entries, string> {
  const schema = v.object(entries, `struct ${name}`);
  const runNamed = schema["~run"].bind(schema);
  const order = Object.keys(entries).filter((key) => !later.some((field) => field === key));
  const elements = order.length === 1 ? "1 element" : `${order.length} elements`;
  return {
    ...schema,
    "~run"(dataset, given) {
      const { value } = dataset;
      // Every field is looked at even inside a list: which mistake counts is the order of the input.
      const config = given.abortEarly ? { ...given, abortEarly: false } : given;
      if (value instanceof NonInteger) return runNamed({ value: notAnObject }, config);
      if (!Array.isArray(value)) return runNamed(dataset, config);
      const named = Object.fromEntries(
        order.slice(0, value.length).map((key, index): [string, unknown] => [key, value[index]]),
      );
      const result = runNamed({ value: named }, config);
      const required = order.findIndex(
        (key, index) => index >= value.length && entries[key]?.type !== "optional",
      );
      if (required === -1 && value.length <= order.length) return result;
      const message =
        required === -1
          ? `invalid length ${value.length}, expected fewer elements in array`
          : `invalid length ${required}, expected struct ${name} with ${elements}`;
      const length = {
        kind: "validation",
        type: "struct",
        input: value,
        expected: null,
        received: "",
        message,
      };
      const others = result.issues?.filter((issue) => !isMissingField(issue)) ?? [];
      // A failure of this schema: its output is never looked at, and the length is one more issue.
      return { typed: false, value, issues: [...others, length] } as unknown as typeof result;
    },
  };
}

function isMissingField(issue: v.BaseIssue<unknown>): boolean {
  return issue.input === undefined && issue.path?.length === 1;
}
