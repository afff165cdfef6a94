import { sandboxFor } from "../../core/process/handler/confine.ts";
import type { ProcessSandbox } from "../../core/process/spawned-process.ts";
import { forgetMechanism, shareProbes } from "../../core/sandbox/host/detect-mechanism.ts";
import { probeMemory } from "../../core/sandbox/host/probe-memory.ts";
import { composeLaunch } from "../../core/sandbox/launch/compose-launch.ts";
import { privateDirectory } from "../../core/sandbox/launch/private-directory.ts";
import type { SandboxedCommand } from "../../core/sandbox/launch/sandboxed-command.ts";
import { SandboxRefusal } from "../../core/sandbox/sandbox-refusal.ts";
import { UsageError } from "../arguments/usage-error.ts";
import { describeError } from "../describe-error.ts";
import { ExitCode } from "../exit-codes.ts";
import { writeNow } from "../terminal/output.ts";
import { becomeCommand, becomeConfined } from "./become-command.ts";
import { environmentOf } from "./environment-of.ts";
import { launcherWords } from "./launcher-words.ts";
import { superviseCommand, UnseenEndError } from "./supervise-command.ts";

/**
 * Builds the sandbox that the words describe and runs their command in it, or becomes the command where no process
 * has to stay behind. Resolves to the exit code: the command's own, or one of ours after a sentence on stderr.
 */
export async function launch(name: string, words: readonly string[]): Promise<number> {
  try {
    const { policy, commandCwd, argv, environmentDescriptor } = launcherWords(words);
    const [program, ...rest] = argv;
    if (program === undefined) throw new UsageError("there is no command behind --");
    const command: SandboxedCommand = {
      argv: [program, ...rest],
      cwd: commandCwd ?? process.cwd(),
      env: environmentOf(environmentDescriptor),
      terminal: false,
      inherited: [],
    };
    rememberProbes();
    const start = async () => run(name, command, await sandboxFor(policy, command));
    return await start().catch((error: unknown) => {
      if (!(error instanceof SandboxRefusal)) throw error;
      // What was remembered of this machine may no longer be true. Nothing was run.
      forgetMechanism();
      return start();
    });
  } catch (error) {
    writeNow(2, `${name}: ${describeError(error)}\n`);
    if (error instanceof UsageError) return ExitCode.usage;
    return error instanceof UnseenEndError ? ExitCode.exitUnknown : ExitCode.startRefused;
  }
}

/** A launcher lives for one command: what it tries out should serve the next. */
function rememberProbes(): void {
  try {
    shareProbes(probeMemory(privateDirectory().path));
  } catch (error) {
    // Whatever needs that directory for more will say what is wrong with it.
    if (!(error instanceof SandboxRefusal)) throw error;
  }
}

async function run(
  name: string,
  command: SandboxedCommand,
  sandbox: ProcessSandbox | undefined,
): Promise<number> {
  if (sandbox === undefined) throw becomeCommand(command);
  const { plan, mechanism } = sandbox;
  using launch = await composeLaunch({ plan, holder: mechanism, command, stdio: [0, 1, 2], judged: false });
  const { stage, placeholders } = launch.parts;
  if (stage === "init" || placeholders.length > 0) return await superviseCommand(launch);
  throw becomeConfined(name, launch);
}
