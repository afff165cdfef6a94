import { sanitise } from "../../terminal/sanitise.ts";
import type { DotCommand } from "../dot-command.ts";
import { jsonLine } from "./json.ts";
import { remoteArgument } from "./remote-argument.ts";

/** The most that a server walks. */
const walkOptions = {
  maxDepth: 64,
  maxDirectories: 10_000,
  maxEntries: 50_000,
  followDirectorySymlinks: false,
  pruneHiddenDirectories: false,
};

/** Finds files below a directory by a glob over their path. */
export const findCommand: DotCommand = {
  name: ".find",
  usage: "[DIR] [GLOB] [--json]",
  summary: "list what lies below a directory, by glob (*.ts, src/**)",
  json: true,
  words: { min: 0, max: 2 },
  completes: ["remote path", "nothing"],
  async run({ repl, words, json }) {
    const [word, pattern] = words.length === 1 && /[*?[{]/.test(words[0] ?? "") ? [".", words[0]] : words;
    const directory = remoteArgument(repl, word ?? ".");
    const { entries, errors, truncated } = await repl.client.files.walk(directory, walkOptions);
    const glob =
      pattern === undefined ? undefined : new Bun.Glob(pattern.includes("/") ? pattern : `**/${pattern}`);
    const base = directory === "/" ? 1 : directory.length + 1;
    const found = entries
      .map(({ path, kind }) => ({ path: path.toString("utf8"), kind }))
      .filter(({ path }) => glob?.match(path.slice(base)) ?? true);
    if (json) await repl.screen.result(jsonLine(found));
    else await repl.screen.result(found.map(({ path, kind }) => line(path, kind)).join(""));
    for (const error of errors)
      repl.screen.note(sanitise(`${error.path.toString("utf8")}: ${error.message}`));
    if (truncated)
      repl.screen.note("there is more than the server lists at once; name a directory further down");
    return truncated || errors.length > 0 ? 1 : 0;
  },
};

function line(path: string, kind: "file" | "directory"): string {
  return `${sanitise(path)}${kind === "directory" ? "/" : ""}\n`;
}
