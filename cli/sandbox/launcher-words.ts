import { parseWrapperCommand, type WrapperCommand } from "../../core/sandbox/policy/wrapper-command.ts";
import { UsageError } from "../arguments/usage-error.ts";

export interface LauncherWords extends WrapperCommand {
  /** Where the command's environment is written; undefined: it gets ours. */
  readonly environmentDescriptor: number | undefined;
}

/** Accepted and without effect: the namespace of processes is always the sandbox's own. */
const idle = "--inherit-pid-namespace";
const environment = "--environment-fd";

/** What `codex-linux-sandbox` was called with. Throws {@link UsageError}. */
export function launcherWords(words: readonly string[]): LauncherWords {
  const end = words.indexOf("--");
  const options = end < 0 ? [...words] : words.slice(0, end);
  const command = end < 0 ? [] : words.slice(end);
  const at = options.indexOf(environment);
  const descriptor = at < 0 ? undefined : readDescriptor(options.splice(at, 2)[1]);
  const known = options.filter((option) => option !== idle);
  try {
    const parsed = parseWrapperCommand(["codex-linux-sandbox", ...known, ...command], null);
    if (parsed === null) throw new UsageError("no command is given");
    return { ...parsed, environmentDescriptor: descriptor };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const sentence = error instanceof Error ? error.message : String(error);
    throw new UsageError(sentence.replace(/^the codex-linux-sandbox command cannot be read: /, ""));
  }
}

function readDescriptor(text: string | undefined): number {
  if (text === undefined || !/^\d{1,6}$/.test(text))
    throw new UsageError(`${environment} takes the number of a descriptor`);
  return Number(text);
}
