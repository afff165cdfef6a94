import { readdir } from "node:fs/promises";
import { resolve } from "node:path";
import { limits } from "../../core/limits.ts";
import { addressedLine } from "./addressed-line.ts";
import { remoteArgument } from "./commands/remote-argument.ts";
import { signalNames } from "./commands/signal.ts";
import type { Completes } from "./dot-command.ts";
import { dotCommands } from "./dot-commands.ts";
import { environmentNames } from "./environment-names.ts";
import type { Place } from "./place.ts";
import { remotePrograms } from "./remote-programs.ts";
import type { Repl } from "./repl.ts";
import { quoteWord } from "./words.ts";

type Completion = readonly [candidates: string[], word: string];

/** What the last word of the line could become, and that word as typed. */
export async function completeLine(repl: Repl, line: string): Promise<Completion> {
  const typed = /(?:\\.|[^\s\\;|&<>()'"])*$/.exec(line)?.[0] ?? "";
  const before = line.slice(0, line.length - typed.length);
  const late = Bun.sleep(limits.completionMs).then((): string[] => []);
  const candidates = await Promise.race([candidatesAt(repl, before, typed), late]);
  return [candidates.sort().slice(0, limits.completionCandidates), typed];
}

async function candidatesAt(repl: Repl, before: string, typed: string): Promise<string[]> {
  if (before.trim() === "" && typed.startsWith("@")) {
    const names = await environmentNames(repl);
    return names.map((name) => `@${name} `).filter((name) => name.startsWith(typed));
  }
  const { environment, line } = addressedLine(before);
  if (environment === undefined) return await candidatesFor({ repl, place: repl.place }, line, typed);
  // A key press connects to nothing.
  const place = repl.places.find(({ name }) => name === environment);
  return place === undefined ? [] : await candidatesFor({ repl, place }, line, typed);
}

/** The REPL, and where the line would run. */
interface At {
  readonly repl: Repl;
  readonly place: Place;
}

async function candidatesFor(at: At, before: string, typed: string): Promise<string[]> {
  if (before.trim() === "" && typed.startsWith(".") && !typed.includes("/")) {
    return dotCommands.map(({ name }) => `${name} `).filter((name) => name.startsWith(typed));
  }
  const dot = /^\s*(\.[a-z]+)\s/.exec(before)?.[1];
  if (dot !== undefined) return await dotCandidates(at, dot, { before, typed });
  const startsCommand = /(^|[;|&(]|&&|\|\|)\s*$/.test(before);
  if (startsCommand && !typed.includes("/")) return await remotePrograms(at.place, typed);
  return await remotePaths(at.place, typed);
}

async function dotCandidates(
  { repl, place }: At,
  name: string,
  { before, typed }: { readonly before: string; readonly typed: string },
): Promise<string[]> {
  const { completes = [] } = dotCommands.find((command) => command.name === name) ?? {};
  const position = before
    .trim()
    .split(/\s+/)
    .slice(1)
    .filter((word) => !word.startsWith("-")).length;
  const kind: Completes = completes[Math.min(position, completes.length - 1)] ?? "nothing";
  switch (kind) {
    case "remote path":
      return await remotePaths(place, typed);
    case "local path":
      return await localPaths(typed);
    case "environment":
      return (await environmentNames(repl)).filter((word) => word.startsWith(typed));
    case "job":
      return repl.jobs
        .live()
        .map((job) => `${job.number} `)
        .filter((word) => word.startsWith(typed));
    case "signal":
      return signalNames.map((signal) => `${signal} `).filter((word) => word.startsWith(typed.toUpperCase()));
    case "command":
      return dotCommands.map((command) => command.name).filter((command) => command.startsWith(typed));
    case "nothing":
      return [];
  }
}

async function remotePaths(at: Place, typed: string): Promise<string[]> {
  const { directory, start } = splitTyped(typed);
  const place = directory === "" ? at.shell.cwd : remoteArgument(at, unescaped(directory));
  const entries = await at.client.files.readDirectory(place);
  return entries
    .filter(({ fileName }) => isCandidate(fileName, start))
    .map(({ fileName, isDirectory }) => directory + quoteWord(fileName) + (isDirectory ? "/" : " "));
}

async function localPaths(typed: string): Promise<string[]> {
  const { directory, start } = splitTyped(typed);
  const entries = await readdir(resolve(unescaped(directory) || "."), { withFileTypes: true });
  return entries
    .filter(({ name }) => isCandidate(name, start))
    .map((entry) => directory + quoteWord(entry.name) + (entry.isDirectory() ? "/" : " "));
}

function splitTyped(typed: string): { readonly directory: string; readonly start: string } {
  const slash = typed.lastIndexOf("/");
  return { directory: typed.slice(0, slash + 1), start: unescaped(typed.slice(slash + 1)) };
}

/** Hidden names only where a dot was typed, and no name that could act on the terminal. */
function isCandidate(name: string, start: string): boolean {
  if (!name.startsWith(start) || (name.startsWith(".") && !start.startsWith("."))) return false;
  return !/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(name);
}

function unescaped(word: string): string {
  return word.replace(/\\(.)/g, "$1");
}
