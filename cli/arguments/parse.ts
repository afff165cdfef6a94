import type { ArgumentDefinition, ArgumentDefinitions, ArgumentValues } from "./definition.ts";
import { type GivenWords, readWords } from "./read-words.ts";
import { UsageError } from "./usage-error.ts";

export interface ParsedArguments<A extends ArgumentDefinitions> {
  readonly args: ArgumentValues<A>;
  /** What followed the flags of a command that takes a rest, untouched. */
  readonly rest: readonly string[];
}

/**
 * The values of one command line, or "help" when it asks for that. Throws UsageError.
 *
 * citty, which renders the help, could read the words as well, but it passes over mistakes in silence and takes
 * 2 ms to load: as much as the rest of a server's start.
 */
export function parseArguments<A extends ArgumentDefinitions>(
  words: readonly string[],
  definitions: A,
  takesRest: boolean,
): ParsedArguments<A> | "help" {
  const given = readWords(words, definitions, takesRest);
  if (given === "help") return "help";
  const positionals = [...given.positionals];
  const values: Record<string, unknown> = {};
  for (const [name, definition] of Object.entries(definitions)) {
    values[name] =
      definition.type === "positional" ? positionals.shift() : flagValue(name, definition, given);
    if (values[name] === undefined && isRequired(definition)) {
      throw new UsageError(
        `${definition.type === "positional" ? name.toUpperCase() : `--${name}`} is missing`,
      );
    }
  }
  const [tooMany] = positionals;
  if (tooMany !== undefined) throw new UsageError(`unexpected argument ${JSON.stringify(tooMany)}`);
  // Built above from the same definitions that ArgumentValues is derived from.
  return { args: values as ArgumentValues<A>, rest: given.rest };
}

type Flag = Exclude<ArgumentDefinition, { type: "positional" }>;

function flagValue(name: string, flag: Flag, given: GivenWords): unknown {
  switch (flag.type) {
    case "boolean":
      return given.switches.get(name) ?? flag.default ?? (flag.negatable ? undefined : false);
    case "enum":
      return given.values.get(name)?.[0] ?? flag.default;
    case "string": {
      const values = given.values.get(name);
      return flag.repeat ? (values ?? []) : (values?.[0] ?? flag.default);
    }
  }
}

function isRequired(definition: ArgumentDefinition): boolean {
  if (definition.type === "positional") return definition.required !== false;
  return definition.type !== "boolean" && definition.required === true;
}
