import * as v from "valibot";
import { text } from "./scalars.ts";

/** A string that `parse` turns into something better; what it throws becomes the error's text. */
export function parsed<Output>(parse: (value: string) => Output) {
  return v.pipe(
    text,
    v.rawTransform<string, Output>(({ dataset, addIssue, NEVER }) => {
      try {
        return parse(dataset.value);
      } catch (error) {
        addIssue({ message: error instanceof Error ? error.message : String(error) });
        return NEVER;
      }
    }),
  );
}
