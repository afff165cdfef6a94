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
import { writeNow, writeOut } from "../terminal/output.ts";
import { sanitise } from "../terminal/sanitise.ts";
import { becomeCommand, becomeConfined } from "./become-command.ts";
import { environmentOf } from "./environment-of.ts";
import { launcherWords } from "./launcher-words.ts";
import { superviseCommand, UnseenEndError } from "./supervise-command.ts";

/**
 * Builds the sandbox that the words describe and runs their command in it, or becomes the command where no process
 * has to stay behind. Resolves to the exit code: the command's own, or one of ours after a sentence on stderr.
 */
export async function launch(name: string, words: readonly string[]): Promise<number> {
  let plan: SpawnPlan | undefined;
  try {
    const asked = launcherWords(words);
    if (asked === "help") return await help(name);
    const { policy, commandCwd, argv, environmentDescriptor } = asked;
    const [program, ...rest] = argv;
    if (program === undefined) throw new UsageError("there is no command behind --");
    const given: SpawnPlan = {
      argv: [program, ...rest],
      cwd: commandCwd ?? process.cwd(),
      env: environmentOf(environmentDescriptor),
      stdio: { kind: "ours" },
    };
    plan = given;
    rememberProbes();
    return await run(name, given, policy).catch((error: unknown) => {
      if (!(error instanceof SandboxRefusal)) throw error;
      // What was remembered of this machine may no longer be true. Nothing was run.
      forgetMechanism();
      return run(name, given, policy);
    });
  } catch (error) {
    writeNow(2, `${name}: ${sentenceOf(error, plan)}\n`);
    if (error instanceof UsageError) {
      writeNow(2, `Try ${name} --help\n`);
      return ExitCode.usage;
    }
    return error instanceof UnseenEndError ? ExitCode.exitUnknown : ExitCode.startRefused;
  }
}

function sentenceOf(error: unknown, plan: SpawnPlan | undefined): string {
  const sentence = describeError(error);
  if (!(error instanceof SpawnError) || plan === undefined) return sentence;
  if (error.stage === "cwd")
    return `the directory ${sanitise(String(plan.cwd))} cannot be entered: ${sentence}`;
  return `${sanitise(plan.argv[0])} cannot be run: ${sentence}`;
}

async function help(name: string): Promise<number> {
  const { launcherHelp } = await import("./launcher-help.ts");
  await writeOut(1, Buffer.from(launcherHelp(name)));
  return 0;
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
