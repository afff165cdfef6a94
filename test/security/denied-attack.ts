import type { Attack, Outcome } from "./attack.ts";
import { type Profile, unconfined, workspaceWrite } from "./profiles.ts";
import type { Scene } from "./scene.ts";

/** An attack on what a profile denies; without the denial, in a writable workspace, the same goes through. */
export const deniedAttack = (
  name: string,
  wall: string,
  confined: Profile,
  attempt: (scene: Scene) => Promise<Outcome>,
): Attack => ({
  name: `denied: ${name}`,
  wall,
  confined: [confined],
  allowed: [workspaceWrite, unconfined],
  attempt,
});
