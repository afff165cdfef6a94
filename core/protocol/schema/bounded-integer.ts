import * as v from "valibot";
import { count } from "./scalars.ts";

/** An integer of one of our own fields: `least` to `most`, both allowed. */
export function boundedInteger(least: number, most: number) {
  return v.pipe(
    count,
    v.check(
      (value) => value >= least && value <= most,
      `invalid value: number, expected an integer from ${least} to ${most}`,
    ),
  );
}
