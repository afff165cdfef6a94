import { sandboxFor } from "../../core/process/sandbox-for.ts";
import { SpawnError, type SpawnPlan } from "../../core/process/spawned-process.ts";
import { forgetMechanism, shareProbes } from "../../core/sandbox/host/detect-mechanism.ts";
import { probeMemory } from "../../core/sandbox/host/probe-memory.ts";
import { privateDirectory } from "../../core/sandbox/launch/private-directory.ts";
import type { SandboxPolicy } from "../../core/sandbox/policy/sandbox-policy.ts";
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
    const plan: SpawnPlan = {
      argv: [program, ...rest],
      cwd: commandCwd ?? process.cwd(),
      env: environmentOf(environmentDescriptor),
      stdio: { kind: "ours" },
    };
    rememberProbes();
    return await run(name, plan, policy).catch((error: unknown) => {
      if (!(error instanceof SandboxRefusal)) throw error;
      // What was remembered of this machine may no longer be true. Nothing was run.
      forgetMechanism();
      return run(name, plan, policy);
    });
  } catch (error) {
    writeNow(2, `${name}: ${sentenceOf(error)}\n`);
    if (error instanceof UsageError) return ExitCode.usage;
    return error instanceof UnseenEndError ? ExitCode.exitUnknown : ExitCode.startRefused;
  }
}

function sentenceOf(error: unknown): string {
  const sentence = describeError(error);
  return error instanceof SpawnError ? `the command cannot be run: ${sentence}` : sentence;
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

async function run(name: string, plan: SpawnPlan, policy: SandboxPolicy): Promise<number> {
  const sandbox = await sandboxFor(policy, plan);
  if (sandbox === undefined) throw becomeCommand(plan);
  // Namespaces need somebody outside, and so does a sandbox with network, for the mark that says so.
  const needsUs = sandbox.mechanism.kind === "bubblewrap" || sandbox.plan.network === "enabled";
  if (needsUs) return await superviseCommand({ ...plan, sandbox });
  throw await becomeConfined(name, plan, sandbox);
}
