import { suggestion } from "../arguments/nearest.ts";
import { UsageError } from "../arguments/usage-error.ts";

const valued = [
  "--mode",
  "--sandbox-policy-cwd",
  "--command-cwd",
  "--permission-profile",
  "--environment-fd",
] as const;

export type LauncherOption = (typeof valued)[number];

/** Accepted and without effect: they choose how another launcher works, not what it allows. */
const idle: readonly string[] = ["--inherit-pid-namespace", "--use-legacy-landlock", "--no-proc"];

/** The options before `--` with their values, `--name VALUE` or `--name=VALUE`; "help" where that is asked for. */
export function launcherOptions(words: readonly string[]): ReadonlyMap<LauncherOption, string> | "help" {
  const values = new Map<LauncherOption, string>();
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (word === "--help" || word === "-h") return "help";
    if (idle.includes(word)) continue;
    const equals = word.startsWith("--") ? word.indexOf("=") : -1;
    const name = equals < 0 ? word : word.slice(0, equals);
    const option = valued.find((candidate) => candidate === name);
    if (option === undefined) throw new UsageError(unknown(name));
    const value = equals < 0 ? words[++index] : word.slice(equals + 1);
    if (value === undefined) throw new UsageError(`${option} has no value`);
    if (values.has(option)) throw new UsageError(`${option} is given twice`);
    values.set(option, value);
  }
  return values;
}

function unknown(word: string): string {
  if (!word.startsWith("-")) return `\`${word}\` is not an option; the command stands behind --`;
  return `\`${word}\` is not known${suggestion(word, [...valued, ...idle, "--help"])}`;
}
