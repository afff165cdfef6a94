import { scanToml, type TomlPair, type TomlSection, type TomlValue } from "../toml/scan-toml.ts";
import { type Removal, removeRanges } from "./remove-ranges.ts";

/** `environments.toml` without the entry at this place in the list. Its comments go with it, others stay. */
export function removeEntry(text: string, index: number): string {
  const sections = scanToml(text);
  const root = sections[0]?.pairs.find(({ keys }) => keys[0]?.name === "environments");
  if (root?.value.kind === "array") {
    const item = root.value.items[index];
    return item === undefined ? text : removeItem(text, item);
  }
  let entry = -1;
  const own = sections.filter((section) => {
    if (section.kind === "array" && section.keys.length === 1) entry++;
    return section.kind !== "root" && entry === index;
  });
  return removeRanges(text, own.map(sectionRange));
}

/** `codex-env.toml` without all that it says of an environment. */
export function removeExtras(text: string, id: string): string {
  const ranges: Removal[] = [];
  for (const section of scanToml(text)) {
    const names = section.keys.map(({ name }) => name);
    if (section.kind !== "root" && isOf(id, names)) ranges.push(sectionRange(section));
    else
      for (const pair of section.pairs)
        if (isOf(id, [...names, ...pairNames(pair)])) ranges.push(pairRange(pair));
  }
  return removeRanges(text, ranges);
}

function isOf(id: string, names: readonly string[]): boolean {
  return names[0] === "environments" && names[1] === id;
}

function pairNames({ keys }: TomlPair): string[] {
  return keys.map(({ name }) => name);
}

function sectionRange({ start, end, pairs }: TomlSection): Removal {
  return { start, end: pairs.at(-1)?.value.end ?? end };
}

function pairRange({ start, value }: TomlPair): Removal {
  return { start, end: value.end };
}

/** An item of a list, with its comma; with its line where it has one of its own. */
function removeItem(text: string, { start, end }: TomlValue): string {
  const before = /(^|\n)?[ \t]*$/.exec(text.slice(0, start));
  const alone = before?.[1] !== undefined;
  const behind = alone ? /^[ \t]*,?[ \t]*(#[^\n]*)?(?:\n)?/ : /^[ \t]*,?/;
  const length = behind.exec(text.slice(end))?.[0].length ?? 0;
  const from = start - (before?.[0].replace("\n", "").length ?? 0);
  return text.slice(0, from) + text.slice(end + length);
}
