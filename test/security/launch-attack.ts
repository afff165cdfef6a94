import type { Attack, Outcome } from "./attack.ts";
import { type Profile, unconfined } from "./profiles.ts";
import type { Scene } from "./scene.ts";

/** An attack on how commands are started: the same steps in sandboxes that hold them and, as the twin, where they work. */
export const launchAttack = (
  name: string,
  wall: string,
  confined: readonly Profile[],
  attempt: (scene: Scene) => Promise<Outcome>,
  allowed: readonly Profile[] = [unconfined],
): Attack => ({ name: `launch: ${name}`, wall, confined, allowed, attempt });
