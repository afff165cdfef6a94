import type { ArgsDef } from "citty";
import type { ArgumentDefinition, ArgumentDefinitions } from "./definition.ts";

/** Our definitions in citty's words. */
export function cittyDefinitions(definitions: ArgumentDefinitions): ArgsDef {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => [name, translate(name, definition)]),
  );
}

function translate(name: string, definition: ArgumentDefinition): ArgsDef[string] {
  switch (definition.type) {
    case "boolean": {
      const { negatable, ...flag } = definition;
      if (!negatable && flag.default === undefined) return flag;
      return { ...flag, negativeDescription: `The opposite of --${name}` };
    }
    case "enum":
      return { ...definition, options: [...definition.options] };
    case "string": {
      const { repeat, ...flag } = definition;
      return repeat ? { ...flag, description: `${flag.description} (may be repeated)` } : flag;
    }
    case "positional":
      return definition;
  }
}
