/** A string as TOML writes it on one line. */
export function tomlString(text: string): string {
  const escaped = JSON.stringify(text.toWellFormed()).replace(/[\u007f-\u009f]/g, unicodeEscape);
  return escaped;
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

export function tomlKey(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : tomlString(name);
}

/** A value of an entry: durations are floats, as the published client likes them best. */
export type TomlWritable =
  | string
  | number
  | boolean
  | readonly string[]
  | { readonly [name: string]: string };

export function tomlValue(value: TomlWritable): string {
  if (typeof value === "string") return tomlString(value);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return Number.isInteger(value) ? `${value}` : String(value);
  if (isList(value)) return `[${value.map(tomlString).join(", ")}]`;
  const members = Object.entries(value).map(([name, text]) => `${tomlKey(name)} = ${tomlString(text)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

function isList(value: TomlWritable): value is readonly string[] {
  return Array.isArray(value);
}
