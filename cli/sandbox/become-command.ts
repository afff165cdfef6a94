import { becomeProgram } from "../../core/host/become-program.ts";
import type { OsError } from "../../core/host/os-error.ts";
import type { ProcessSandbox, SpawnPlan } from "../../core/process/spawned-process.ts";
import { composeLaunch } from "../../core/sandbox/launch/compose-launch.ts";
import { sanitise } from "../terminal/sanitise.ts";

/** Becomes a command that nothing has to hold. Returns only when that failed. */
export function becomeCommand({ argv, cwd, env }: SpawnPlan): Error {
  const [program] = argv;
  const search = env.findLast(([name]) => name === "PATH")?.[1] ?? "/usr/local/bin:/bin:/usr/bin";
  process.chdir(String(cwd));
  const path = program.includes("/") ? program : Bun.which(program, { PATH: search });
  if (path === null) return new Error(`${program} is not on the PATH ${search}`);
  const failure = becomeProgram({ path, argv, env: env.map(([name, value]) => `${name}=${value}`) });
  return new Error(`${path} cannot be run: ${failure.message}`, { cause: failure });
}

/**
 * Becomes the stage, which puts the sandbox on and becomes the command; what it cannot do it says on stderr under
 * `name` and the command's, and ends with the exit code of a refused start. Returns only when the stage itself could not be run.
 */
export async function becomeConfined(
  name: string,
  plan: SpawnPlan,
  sandbox: ProcessSandbox,
): Promise<OsError> {
  using launch = await composeLaunch({
    plan: sandbox.plan,
    holder: sandbox.mechanism,
    judged: false,
    command: { ...plan, terminal: false, inherited: [] },
    stdio: [0, 1, 2],
  });
  const { executable, argv, descriptors } = launch.parts;
  const failure = becomeProgram({
    path: `/proc/self/fd/${executable}`,
    argv: [...argv, `${name}: ${sanitise(plan.argv[0])}`],
    env: [],
    descriptors,
  });
  launch.giveUp();
  return failure;
}
