import { scanToml } from "../toml/scan-toml.ts";
import { lineEndOf, nextLine, withCommentsAbove } from "./text-edit.ts";
import { tomlString } from "./toml-text.ts";

/** `environments.toml` with this default, which may be `local` or `none`. */
export function setDefault(text: string, id: string): string {
  const [root, firstTable] = scanToml(text);
  const pairs = root?.pairs ?? [];
  const written = pairs.find(({ keys }) => keys[0]?.name === "default");
  if (written !== undefined) return replace(text, written.value.start, written.value.end, tomlString(id));
  const end = lineEndOf(text);
  const line = `default = ${tomlString(id)}${end}`;
  const [first] = pairs;
  if (first !== undefined) {
    const at = nextLine(text, first.value.end);
    return text.slice(0, at).endsWith("\n") ? replace(text, at, at, line) : `${text}${end}${line}`;
  }
  if (firstTable !== undefined) {
    const at = withCommentsAbove(text, firstTable.start);
    return replace(text, at, at, line + end);
  }
  return text === "" || text.endsWith("\n") ? text + line : text + end + line;
}

function replace(text: string, start: number, stop: number, insert: string): string {
  return text.slice(0, start) + insert + text.slice(stop);
}
