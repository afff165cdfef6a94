import { limits } from "../../limits.ts";
import { boundedInteger } from "../schema/bounded-integer.ts";
import { once } from "../schema/once.ts";
import { defaultedOption, option } from "../schema/optional.ts";
import { text } from "../schema/scalars.ts";
import { struct } from "../schema/struct.ts";

/** Params of the handshake. `sessionTtlSeconds` is ours. */
export const initialize = once(() =>
  struct(
    "InitializeParams",
    {
      clientName: text,
      resumeSessionId: defaultedOption(text),
      sessionTtlSeconds: option(boundedInteger(1, limits.sessionTtlMaxSeconds)),
    },
    ["sessionTtlSeconds"],
  ),
);
