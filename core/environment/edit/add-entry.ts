import { scanToml, type TomlValue } from "../toml/scan-toml.ts";
import type { EntryToAdd, Members } from "./entry-to-add.ts";
import { lineEndOf } from "./text-edit.ts";
import { tomlKey, tomlValue } from "./toml-text.ts";

/** `environments.toml` with one more entry at its end. */
export function addEntry(text: string, { id, members }: EntryToAdd): string {
  const whole = { id, ...members };
  const inline = inlineEnvironments(text);
  if (inline === undefined) return appendBlock(text, ["[[environments]]", ...lines(whole)]);
  const item = `{ ${lines(whole).join(", ")} }`;
  const last = inline.items.at(-1);
  const at = last?.end ?? inline.start + 1;
  return text.slice(0, at) + (last === undefined ? item : `, ${item}`) + text.slice(at);
}

/** `codex-env.toml` with what is to be known of the entry; the same text where that is nothing. */
export function addExtras(text: string, { id, extras, extraTables }: EntryToAdd): string {
  const header = `environments.${tomlKey(id)}`;
  const own = lines(extras);
  const blocks = own.length === 0 ? [] : [[`[${header}]`, ...own]];
  for (const [name, members] of Object.entries(extraTables)) {
    blocks.push([`[${header}.${name}]`, ...lines(members)]);
  }
  return blocks.reduce(appendBlock, text);
}

function lines(members: Members): string[] {
  return Object.entries(members).flatMap(([name, value]) =>
    value === undefined ? [] : [`${tomlKey(name)} = ${tomlValue(value)}`],
  );
}

/** Behind everything else, an empty line between. */
function appendBlock(text: string, block: readonly string[]): string {
  const end = lineEndOf(text);
  const ended = text === "" || text === "\ufeff" || text.endsWith("\n") ? text : text + end;
  const gap = ended.trim() === "" ? "" : end;
  return `${ended}${gap}${block.join(end)}${end}`;
}

/** The value of `environments = [ ... ]`, to which no table can be appended from outside. */
function inlineEnvironments(text: string): (TomlValue & { readonly kind: "array" }) | undefined {
  const [root] = scanToml(text);
  const pair = root?.pairs.find(({ keys }) => keys.length === 1 && keys[0]?.name === "environments");
  return pair?.value.kind === "array" ? pair.value : undefined;
}
