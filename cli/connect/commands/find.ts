import { resolveRemote } from "../../../core/client/remote-path.ts";
import { jsonLine } from "../../terminal/json-line.ts";
import { sanitise } from "../../terminal/sanitise.ts";
import type { DotCommand } from "../dot-command.ts";
import { aboutPath } from "./about-path.ts";
import { remoteArgument } from "./remote-argument.ts";

/** The most that a server walks. */
const deepest = 64;
const walkOptions = {
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
    const [word, pattern] = words.length === 1 && isGlob(words[0] ?? "") ? [".", words[0]] : words;
    const { prefix, rest } = pattern === undefined ? { prefix: "", rest: undefined } : splitPattern(pattern);
    const start = remoteArgument(repl, word ?? ".");
    const directory = prefix === "" ? start : resolveRemote(start, prefix);
    const { entries, errors, truncated } = await aboutPath(
      directory,
      repl.client.files.walk(directory, { ...walkOptions, maxDepth: depthOf(rest) }),
    );
    const glob = rest === undefined ? undefined : new Bun.Glob(rest);
    const base = directory === "/" ? 1 : directory.length + 1;
    const found = entries
      .map(({ path, kind }) => ({ path: path.toString("utf8"), kind }))
      .filter(({ path }) => glob?.match(path.slice(base)) ?? true)
      .sort((a, b) => (a.path < b.path ? -1 : 1));
    if (json) await repl.screen.result(jsonLine(found));
    else await repl.screen.result(found.map(({ path, kind }) => line(path, kind)).join(""));
    for (const error of errors)
      repl.screen.note(sanitise(`${error.path.toString("utf8")}: ${error.message}`));
    if (truncated)
      repl.screen.note("there is more than the server lists at once; name a directory further down");
    return truncated || errors.length > 0 ? 1 : 0;
  },
};

function isGlob(word: string): boolean {
  return /[*?[{]/.test(word);
}

interface SplitPattern {
  /** The directories that the pattern names without a wildcard; empty where there are none. */
  readonly prefix: string;
  /** What has to match below them. A name without a directory matches at any depth. */
  readonly rest: string;
}

function splitPattern(pattern: string): SplitPattern {
  if (!pattern.includes("/")) return { prefix: "", rest: `**/${pattern}` };
  const fixed = /^[^*?[{\\]*/.exec(pattern)?.[0] ?? "";
  const end = fixed.lastIndexOf("/") + 1;
  // The root keeps its slash.
  return { prefix: pattern.slice(0, end).replace(/(.)\/+$/, "$1"), rest: pattern.slice(end) };
}

/** How many directories below the first a pattern can reach. */
function depthOf(rest: string | undefined): number {
  return rest === undefined || /\*\*|[{[\\]/.test(rest) ? deepest : rest.split("/").length - 1;
}

function line(path: string, kind: "file" | "directory"): string {
  return `${sanitise(path)}${kind === "directory" ? "/" : ""}\n`;
}
