import type { ArgsDef } from "citty";
import type { ArgumentDefinition, ArgumentDefinitions } from "./definition.ts";

/** Our definitions in citty's words. */
export function cittyDefinitions(definitions: ArgumentDefinitions): ArgsDef {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => translate(name, definition)),
  );
}

function translate(name: string, definition: ArgumentDefinition): readonly [string, ArgsDef[string]] {
  const { description } = definition;
  switch (definition.type) {
    case "boolean": {
      const { negatable, default: byDefault, ...flag } = definition;
      const usual = byDefault === undefined ? "" : ` (default: ${byDefault ? "yes" : "no"})`;
      const spelling = negatable || byDefault !== undefined ? `[no-]${name}` : name;
      return [spelling, { ...flag, description: description + usual }];
    }
    case "enum": {
      const { default: byDefault, ...flag } = definition;
      return [name, { ...flag, options: [...definition.options], description: withDefault(definition) }];
    }
    case "string": {
      const { repeat, default: byDefault, ...flag } = definition;
      const times = repeat ? " (may be repeated)" : "";
      return [name, { ...flag, description: withDefault(definition) + times }];
    }
    case "positional":
      // What is required shows in the usage line.
      return [name, { ...definition, required: false }];
  }
}

function withDefault({
  description,
  default: value,
}: {
  readonly description: string;
  readonly default?: string;
}): string {
  return value === undefined ? description : `${description} (default: ${value})`;
}
