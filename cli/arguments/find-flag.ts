import type { ArgumentDefinitions, BooleanFlag, ChoiceFlag, StringFlag } from "./definition.ts";
import { suggestion } from "./nearest.ts";
import { UsageError } from "./usage-error.ts";

/** A flag as it was typed, and what it means. */
export type FoundFlag =
  | { readonly kind: "switch"; readonly name: string; readonly on: boolean }
  | { readonly kind: "value"; readonly name: string; readonly definition: StringFlag | ChoiceFlag }
  | { readonly kind: "help" };

/** What `--name`, `--no-name` or `-n` means. Throws UsageError with the nearest right spelling. */
export function findFlag(typed: string, definitions: ArgumentDefinitions): FoundFlag {
  if (typed === "--help" || typed === "-h") return { kind: "help" };
  for (const [name, definition] of Object.entries(definitions)) {
    if (definition.type === "positional") continue;
    const named = typed === `--${name}` || typed === `-${definition.alias ?? "-"}`;
    if (definition.type !== "boolean") {
      if (named) return { kind: "value", name, definition };
    } else if (named || (typed === `--no-${name}` && negatable(definition))) {
      return { kind: "switch", name, on: named };
    }
  }
  throw new UsageError(`unknown flag ${typed}${suggestion(typed, spellings(definitions))}`);
}

function* spellings(definitions: ArgumentDefinitions): Iterable<string> {
  for (const [name, definition] of Object.entries(definitions)) {
    if (definition.type === "positional") continue;
    yield `--${name}`;
    if (definition.type === "boolean" && negatable(definition)) yield `--no-${name}`;
  }
  yield "--help";
}

function negatable(flag: BooleanFlag): boolean {
  return flag.default !== undefined || flag.negatable === true;
}
