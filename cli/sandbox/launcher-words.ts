import { parseWrapperCommand, type WrapperCommand } from "../../core/sandbox/policy/wrapper-command.ts";
import { anyOf } from "../arguments/any-of.ts";
import { UsageError } from "../arguments/usage-error.ts";
import { modeNames, modeProfile } from "./mode-profile.ts";

export interface LauncherWords extends WrapperCommand {
  /** Where the command's environment is written; undefined: it gets ours. */
  readonly environmentDescriptor: number | undefined;
}

/** Accepted and without effect: the namespace of processes is always the sandbox's own. */
const idle = "--inherit-pid-namespace";

/** What `codex-linux-sandbox` was called with. Throws {@link UsageError}. */
export function launcherWords(words: readonly string[]): LauncherWords {
  const end = words.includes("--") ? words.indexOf("--") : words.length;
  const options = words.slice(0, end).filter((option) => option !== idle);
  const environment = takeValue(options, "--environment-fd");
  const mode = takeValue(options, "--mode");
  if (mode !== undefined) options.push("--permission-profile", profileOf(mode));
  if (mode !== undefined && !options.includes("--sandbox-policy-cwd")) {
    options.push("--sandbox-policy-cwd", process.cwd());
  }
  const parsed = parse([...options, ...words.slice(end)]);
  return {
    ...parsed,
    environmentDescriptor: environment === undefined ? undefined : descriptor(environment),
  };
}

/** Takes an option with its value out of the words. */
function takeValue(options: string[], name: string): string | undefined {
  const at = options.indexOf(name);
  if (at < 0) return undefined;
  const [, value] = options.splice(at, 2);
  if (value === undefined) throw new UsageError(`${name} has no value`);
  return value;
}

function profileOf(mode: string): string {
  const profile = modeProfile(mode);
  if (profile === undefined)
    throw new UsageError(`--mode takes ${anyOf(modeNames)}, not ${JSON.stringify(mode)}`);
  return profile;
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
    throw new UsageError(sentence.replace(/^the codex-linux-sandbox command cannot be read: /, ""));
  }
}
