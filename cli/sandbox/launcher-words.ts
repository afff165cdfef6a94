import { statSync } from "node:fs";
import { parseWrapperCommand, type WrapperCommand } from "../../core/sandbox/policy/wrapper-command.ts";
import { UsageError } from "../arguments/usage-error.ts";
import { type LauncherOption, launcherOptions } from "./launcher-options.ts";
import { modeNames, modeProfile } from "./mode-profile.ts";

export interface LauncherWords extends WrapperCommand {
  /** Where the command's environment is written; undefined: it gets ours. */
  readonly environmentDescriptor: number | undefined;
}

/** What `codex-linux-sandbox` was called with. Throws {@link UsageError}. */
export function launcherWords(words: readonly string[]): LauncherWords | "help" {
  if (words.length === 0) {
    throw new UsageError(
      "there is nothing to run; give a mode and a command: --mode read-only -- CMD [ARGS]",
    );
  }
  const end = words.indexOf("--");
  const given = launcherOptions(end < 0 ? words : words.slice(0, end));
  if (given === "help") return "help";
  if (end < 0) throw new UsageError("there is no -- with a command behind it");
  const environment = given.get("--environment-fd");
  return {
    ...parse([...wrapperOptions(given), ...words.slice(end)]),
    environmentDescriptor: environment === undefined ? undefined : descriptor(environment),
  };
}

/** The options in the words of the older clients' launcher, which knows profiles only. */
function wrapperOptions(given: ReadonlyMap<LauncherOption, string>): readonly string[] {
  const mode = given.get("--mode");
  const profile = given.get("--permission-profile");
  if (mode !== undefined && profile !== undefined) {
    throw new UsageError("--mode and --permission-profile exclude each other: a mode is a profile by name");
  }
  if (mode === undefined && profile === undefined) {
    throw new UsageError(`--mode (${modeNames.join(" or ")}) or --permission-profile is missing`);
  }
  const workspace = given.get("--sandbox-policy-cwd") ?? (mode === undefined ? undefined : process.cwd());
  const described = mode === undefined ? profile : profileOf(mode, workspace);
  const options = [
    ["--permission-profile", described],
    ["--sandbox-policy-cwd", workspace],
    ["--command-cwd", given.get("--command-cwd")],
  ] as const;
  return options.flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
}

function profileOf(mode: string, workspace: string | undefined): string {
  const profile = modeProfile(mode);
  if (profile === undefined)
    throw new UsageError(`--mode takes ${modeNames.join(" or ")}, not ${JSON.stringify(mode)}`);
  if (workspace?.startsWith("/")) requireDirectory(workspace);
  return profile;
}

function requireDirectory(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError(`--sandbox-policy-cwd: the directory ${path} does not exist`);
  if (!found.isDirectory()) throw new UsageError(`--sandbox-policy-cwd: ${path} is not a directory`);
}

function descriptor(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new UsageError("--environment-fd takes the number of a descriptor");
  return Number(text);
}

function parse(words: readonly string[]): WrapperCommand {
  try {
    const parsed = parseWrapperCommand(["codex-linux-sandbox", ...words], null);
    if (parsed === null) throw new UsageError("no command is given");
    return parsed;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const sentence = error instanceof Error ? error.message : String(error);
    // In a request this is a member of its own; here an option says it.
    if (/ requires cwd$/.test(sentence)) {
      throw new UsageError("--sandbox-policy-cwd is missing, which the profile's entries are relative to");
    }
    throw new UsageError(sentence.replace(/^the codex-linux-sandbox command cannot be read: /, ""));
  }
}
