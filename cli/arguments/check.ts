import { parseArgs } from "node:util";
import type { ArgumentDefinition, ArgumentDefinitions } from "./definition.ts";
import { suggestion } from "./nearest.ts";
import { UsageError } from "./usage-error.ts";

/** What was typed, found to be right: the part that holds flags, and what was given for flags that repeat. */
export interface CheckedArguments {
  readonly flags: readonly string[];
  readonly rest: readonly string[];
  readonly repeated: ReadonlyMap<string, readonly string[]>;
}

/**
 * Refuses what citty lets pass in silence: unknown flags, flags without their value, a value for a switch,
 * a flag given twice, and arguments too many. With `takesRest` everything from the first argument without a
 * dash (or after `--`) is handed on untouched. `--help` before that ends the check with "help".
 */
export function checkArguments(
  raw: readonly string[],
  definitions: ArgumentDefinitions,
  takesRest: boolean,
): CheckedArguments | "help" {
  const { tokens } = parseArgs({
    args: [...raw],
    options: parserOptions(definitions),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = new Map<string, string[]>();
  const room = Object.values(definitions).filter((definition) => definition.type === "positional").length;
  let positionals = 0;
  for (const token of tokens) {
    if (token.kind === "option") {
      if (token.name === "help" || token.name === "h") return "help";
      const [name, definition] = resolveFlag(token.name, token.rawName, definitions);
      const value = checkedValue(token, definition);
      const values = given.get(name) ?? [];
      given.set(name, [...values, value]);
      if (values.length > 0 && definition.type !== "boolean" && !repeats(definition)) {
        throw new UsageError(`${token.rawName} is given more than once`);
      }
      continue;
    }
    if (takesRest) {
      const start = token.kind === "option-terminator" ? token.index + 1 : token.index;
      return { flags: raw.slice(0, token.index), rest: raw.slice(start), repeated: given };
    }
    if (token.kind === "positional" && ++positionals > room) {
      throw new UsageError(`unexpected argument ${JSON.stringify(token.value)}`);
    }
  }
  return { flags: raw, rest: [], repeated: given };
}

interface OptionToken {
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function checkedValue(token: OptionToken, definition: ArgumentDefinition): string {
  if (definition.type === "boolean") {
    if (token.value !== undefined) throw new UsageError(`${token.rawName} takes no value`);
    return "";
  }
  const { value } = token;
  if (value === undefined) throw new UsageError(`${token.rawName} needs a value`);
  if (!token.inlineValue && value.startsWith("-") && value.length > 1) {
    throw new UsageError(
      `${token.rawName} needs a value (write ${token.rawName}=${value} if that is the value)`,
    );
  }
  return value;
}

function resolveFlag(
  name: string,
  typed: string,
  definitions: ArgumentDefinitions,
): readonly [string, ArgumentDefinition] {
  const negated = name.startsWith("no-") ? name.slice(3) : undefined;
  for (const [known, definition] of Object.entries(definitions)) {
    if (definition.type === "positional") continue;
    if (name === known || name === definition.alias) return [known, definition];
    if (negated === known && negatable(definition)) return [known, definition];
  }
  throw new UsageError(`unknown flag ${typed}${suggestion(typed, spellings(definitions))}`);
}

function* spellings(definitions: ArgumentDefinitions): Iterable<string> {
  for (const [name, definition] of Object.entries(definitions)) {
    if (definition.type === "positional") continue;
    yield `--${name}`;
    if (negatable(definition)) yield `--no-${name}`;
  }
  yield "--help";
}

function negatable(definition: ArgumentDefinition): boolean {
  return definition.type === "boolean" && (definition.default !== undefined || definition.negatable === true);
}

function repeats(definition: ArgumentDefinition): boolean {
  return definition.type === "string" && definition.repeat === true;
}

function parserOptions(definitions: ArgumentDefinitions) {
  const options: Record<string, { type: "boolean" | "string"; short?: string; multiple?: boolean }> = {};
  for (const [name, definition] of Object.entries(definitions)) {
    if (definition.type === "positional") continue;
    const type = definition.type === "boolean" ? "boolean" : "string";
    options[name] = definition.alias === undefined ? { type } : { type, short: definition.alias };
  }
  return options;
}
