import { probe } from "./probe.ts";
import type { Scene } from "./scene.ts";

export interface Victim {
  readonly pid: string;
  readonly address: string;
  readonly descriptor: string;
  readonly hit: () => Promise<string | undefined>;
}

/** A process of the same user beside the sandbox, with a secret in its memory and environment. */
export async function victimOf(scene: Scene): Promise<Victim> {
  const background = await scene.background(probe("processes", "victim", scene.secrets.outside), {
    env: { VICTIM_SECRET: scene.secrets.outside },
  });
  const [, pid = "", address = "", descriptor = ""] = await background.says(/READY (\d+) (\d+) (\d+)\n/);
  const hit = async () => {
    // It looks every 20 ms; a signal is told of at once.
    await Bun.sleep(60);
    return /HIT .*/.exec(background.output)?.[0];
  };
  return { pid, address, descriptor, hit };
}
