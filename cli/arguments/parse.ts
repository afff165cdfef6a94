import { parseArgs as parseWithCitty } from "citty";
import { checkArguments } from "./check.ts";
import { cittyDefinitions } from "./citty-definitions.ts";
import type { ArgumentDefinitions, ArgumentValues } from "./definition.ts";
import { UsageError } from "./usage-error.ts";

export interface ParsedArguments<A extends ArgumentDefinitions> {
  readonly args: ArgumentValues<A>;
  /** What followed the flags of a command that takes a rest, untouched. */
  readonly rest: readonly string[];
}

/** The values of one command line, or "help" when it asks for that. Throws UsageError. */
export function parseArguments<A extends ArgumentDefinitions>(
  raw: readonly string[],
  definitions: A,
  takesRest: boolean,
): ParsedArguments<A> | "help" {
  const checked = checkArguments(raw, definitions, takesRest);
  if (checked === "help") return "help";
  const parsed = cittyValues([...checked.flags], definitions);
  const values: Record<string, unknown> = {};
  for (const [name, definition] of Object.entries(definitions)) {
    if (definition.type === "string" && definition.repeat) values[name] = checked.repeated.get(name) ?? [];
    else if (definition.type === "boolean" && !definition.negatable) values[name] = parsed[name] ?? false;
    else values[name] = parsed[name];
  }
  // Built above from the same definitions that ArgumentValues is derived from; checkArguments refused the rest.
  return { args: values as ArgumentValues<A>, rest: checked.rest };
}

function cittyValues(raw: string[], definitions: ArgumentDefinitions): Record<string, unknown> {
  try {
    return parseWithCitty(raw, cittyDefinitions(definitions));
  } catch (error) {
    // citty throws for what it misses: a required argument, or a value outside a choice.
    throw new UsageError(Bun.stripANSI(error instanceof Error ? error.message : String(error)), {
      cause: error,
    });
  }
}
