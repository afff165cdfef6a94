import { Errno, osErrorText } from "../../host/errno.ts";
import { SpawnError, type SpawnPlan } from "../spawned-process.ts";
import { environmentStrings, stageOf } from "./wire.ts";

/** The guardian's refusal in the words of the reference; errno 0: it died before it could say more. */
export function spawnFailure(errno: number, stage: number): SpawnError {
  const message = errno === 0 ? "the guardian was killed while it started the process" : osErrorText(errno);
  return new SpawnError(message, { errno, stage: stageOf(stage) });
}

/** A call of ours that failed before the guardian was asked; Node counts its numbers downwards from zero. */
export function ourFailure(error: unknown): unknown {
  if (error instanceof SpawnError) return error;
  if (!(error instanceof Error && "errno" in error && typeof error.errno === "number")) return error;
  const errno = Math.abs(error.errno);
  return new SpawnError(osErrorText(errno), { errno, stage: "stdio" });
}

/** Refuses what no command line can hold. Throws {@link SpawnError} with the reference's texts. */
export function refuseUnspeakable(plan: SpawnPlan): void {
  if (plan.argv[0] === "") throw spawnFailure(Errno.ENOENT, 2);
  if (anyHoldsNul(plan.argv) || anyHoldsNul([plan.arg0 ?? ""]))
    throw withNul("nul byte found in provided data");
  if (anyHoldsNul(environmentStrings(plan))) throw withNul("data provided contains a nul byte");
  const cwd = typeof plan.cwd === "string" ? anyHoldsNul([plan.cwd]) : plan.cwd.includes(0);
  if (cwd) throw withNul("data provided contains a nul byte");
}

/** One search in all of them together is much cheaper than one in each. */
function anyHoldsNul(strings: readonly string[]): boolean {
  return strings.join("").includes("\0");
}

function withNul(message: string): SpawnError {
  return new SpawnError(message, { errno: Errno.EINVAL, stage: "exec" });
}
