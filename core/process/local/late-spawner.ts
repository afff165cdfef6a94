import type { Spawner } from "../spawned-process.ts";
import type { createGuardedSpawner } from "./guarded-spawner.ts";

type GuardedSpawner = ReturnType<typeof createGuardedSpawner>;

/** A guarded spawner whose code is loaded with the first command: a server without commands does without it. */
export function createLateSpawner(): Spawner & AsyncDisposable {
  if (process.platform !== "linux") {
    throw new Error(
      `Running commands on ${process.platform} is not there yet: the guardian is written for Linux.`,
    );
  }
  let spawner: GuardedSpawner | undefined;
  let loading: Promise<GuardedSpawner> | undefined;
  const load = async (): Promise<GuardedSpawner> => {
    const guarded = await import("./guarded-spawner.ts");
    spawner = guarded.createGuardedSpawner();
    return spawner;
  };
  return {
    spawn: async (plan) => {
      if (spawner !== undefined) return await spawner.spawn(plan);
      loading ??= load();
      return await (await loading).spawn(plan);
    },
    [Symbol.asyncDispose]: async () => {
      await (await loading)?.[Symbol.asyncDispose]();
    },
  };
}
