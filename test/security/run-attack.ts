import type { WireClient } from "../support/wire-client.ts";
import type { Attack, Outcome } from "./attack.ts";
import type { Profile } from "./profiles.ts";
import { Scene } from "./scene.ts";
import type { AttackedServer } from "./surroundings.ts";

async function attempt(
  attack: Attack,
  profile: Profile,
  on: { readonly attacked: AttackedServer; readonly client: WireClient },
): Promise<Outcome> {
  const scene = new Scene(on.attacked, on.client);
  try {
    scene.sandbox = profile(scene);
    return await attack.attempt(scene);
  } finally {
    await scene.end();
  }
}

/** The outcome under the first sandbox that is not refused outright; the last refusal when each is. */
export async function tryConfined(
  attack: Attack,
  on: { readonly attacked: AttackedServer; readonly client: WireClient },
): Promise<Outcome> {
  let outcome: Outcome = { kind: "lied", what: "no sandbox was named" };
  for (const profile of attack.confined) {
    outcome = await attempt(attack, profile, on);
    if (outcome.kind !== "held" || !outcome.refused) return outcome;
  }
  return outcome;
}

/** The outcome under the first sandbox that lets it through; the last one when none does. */
export async function tryAllowed(
  attack: Attack,
  on: { readonly attacked: AttackedServer; readonly client: WireClient },
): Promise<Outcome> {
  let outcome: Outcome = { kind: "lied", what: "no sandbox was named" };
  for (const profile of attack.allowed) {
    outcome = await attempt(attack, profile, on);
    if (outcome.kind === "through") return outcome;
  }
  return outcome;
}
