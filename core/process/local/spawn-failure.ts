import { Errno, osErrorText } from "../../host/errno.ts";
import { SpawnError, type SpawnPlan } from "../spawned-process.ts";
import { stageOf } from "./wire.ts";

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
  if (plan.argv[0] === "") refuse("No such file or directory (os error 2)", Errno.ENOENT);
  if (plan.argv.some(holdsNul) || holdsNul(plan.arg0 ?? "")) {
    refuse("nul byte found in provided data", Errno.EINVAL);
  }
  if (plan.env.some(([name, value]) => holdsNul(name) || holdsNul(value))) {
    refuse("data provided contains a nul byte", Errno.EINVAL);
  }
  if (typeof plan.cwd === "string" ? holdsNul(plan.cwd) : plan.cwd.includes(0)) {
    throw new SpawnError("data provided contains a nul byte", { errno: Errno.EINVAL, stage: "cwd" });
  }
}

function holdsNul(text: string): boolean {
  return text.includes("\0");
}

function refuse(message: string, errno: number): never {
  throw new SpawnError(message, { errno, stage: "exec" });
}
