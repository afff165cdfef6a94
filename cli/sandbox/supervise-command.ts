import { createGuardedSpawner } from "../../core/process/local/guarded-spawner.ts";
import type { SpawnPlan } from "../../core/process/spawned-process.ts";
import { forwardSignals } from "./forward-signals.ts";

/** The command ran, and nobody saw how it ended. */
export class UnseenEndError extends Error {
  override readonly name = "UnseenEndError";
}

/**
 * Runs a command in its sandbox and stays behind: passes signals on, and ends what the command leaves running. The
 * guardian does the rest, also when we are killed: ends everything, and removes what stands on the host for the sandbox.
 * Resolves to the command's exit code; 128 + n for a death by signal n. Throws where nothing was run: SpawnError, or
 * SandboxRefusal where it was the sandbox that could not be made.
 */
export async function superviseCommand(plan: SpawnPlan): Promise<number> {
  await using spawner = createGuardedSpawner();
  const starting = spawner.spawn(plan);
  // One that comes before the start waits for it; a start that fails is told below.
  using _ = forwardSignals((signal) => starting.then((child) => child.signal(signal)).catch(() => {}));
  const child = await starting;
  const status = await child.exited;
  child.killTree();
  await child.treeGone;
  if (status.kind === "exited") return status.code;
  throw new UnseenEndError(`nobody saw how the command ended: ${status.reason}`);
}
