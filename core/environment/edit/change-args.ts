import { scanToml, type TomlPair, type TomlSection } from "../toml/scan-toml.ts";
import { applyEdits } from "./text-edit.ts";
import { tomlValue } from "./toml-text.ts";

/** `environments.toml` with other `args` for an entry that has some; the same text where they are not found. */
export function changeEntryArgs(text: string, index: number, args: readonly string[]): string {
  const entries = scanToml(text).filter(
    (section) => section.kind === "array" && names(section) === "environments",
  );
  return changed(text, entries[index]?.pairs, args) ?? text;
}

/** `codex-env.toml` with other `args` in `[environments.ID.dial]`; undefined where it has none. */
export function changeDialArgs(text: string, id: string, args: readonly string[]): string | undefined {
  const section = scanToml(text).find(({ keys }) => {
    const [first, second, third] = keys.map(({ name }) => name);
    return keys.length === 3 && first === "environments" && second === id && third === "dial";
  });
  return changed(text, section?.pairs, args);
}

function names({ keys }: TomlSection): string {
  return keys.map(({ name }) => name).join(".");
}

function changed(
  text: string,
  pairs: readonly TomlPair[] | undefined,
  args: readonly string[],
): string | undefined {
  const pair = pairs?.find(({ keys }) => keys.length === 1 && keys[0]?.name === "args");
  if (pair === undefined) return undefined;
  const { start, end } = pair.value;
  return applyEdits(text, [{ start, end, insert: tomlValue(args) }]);
}
