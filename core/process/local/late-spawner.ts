import { limits } from "../../limits.ts";
import type { Spawner } from "../spawned-process.ts";
import type { createGuardedSpawner } from "./guarded-spawner.ts";

type GuardedSpawner = ReturnType<typeof createGuardedSpawner>;

/** What sandboxes of a server left that was killed together with their shims. */
async function sweepLeftovers(): Promise<void> {
  const { sweepLeftPlaceholders } = await import("../../sandbox/launch/sweep-left-placeholders.ts");
  await sweepLeftPlaceholders();
}

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
  const sweeping = setTimeout(sweepLeftovers, limits.leftoversSweepMs);
  sweeping.unref();
  return {
    spawn: async (plan) => {
      if (spawner !== undefined) return await spawner.spawn(plan);
      loading ??= load();
      return await (await loading).spawn(plan);
    },
    [Symbol.asyncDispose]: async () => {
      clearTimeout(sweeping);
      await (await loading)?.[Symbol.asyncDispose]();
    },
  };
}
