import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Turnstile } from "../support/turnstile.ts";
import { WireClient } from "../support/wire-client.ts";
import { allAttacks } from "./all-attacks.ts";
import type { Attack } from "./attack.ts";
import { unconfined } from "./profiles.ts";
import { tryAllowed, tryConfined } from "./run-attack.ts";
import {
  type AttackedServer,
  allSurroundings,
  attackedServer,
  bundledSurroundings,
  type Surroundings,
} from "./surroundings.ts";

/**
 * What only root may do is shown to be something by the server of root that has namespaces of its own to lose; and an act
 * without any sandbox is the same act whatever holds the others.
 */
function isTwinShownElsewhere(
  { twinOfRoot, allowed }: Attack,
  { uid, mechanism, isBundled }: Surroundings,
): boolean {
  if (mechanism === "landlock" || isBundled) return twinOfRoot === true || allowed[0] === unconfined;
  return twinOfRoot === true && uid !== 0;
}

/** Whether the bubblewrap that comes along serves as the other one does: what depends on how it is started and mounts. */
const ofBundled = (name: string) => /^(launch|environment|denied|mounts): /.test(name);

const together = allAttacks.filter(({ alone }) => alone !== true);
const alone = allAttacks.filter((attack) => attack.alone === true);

for (const surroundings of [...allSurroundings, ...bundledSurroundings]) {
  const attacks = surroundings.isBundled ? together.filter(({ name }) => ofBundled(name)) : together;
  // They wait about as much as they work.
  attackAll(surroundings, attacks, 3);
}

for (const surroundings of alone.length > 0 ? allSurroundings : []) {
  const apart = { ...surroundings, name: `${surroundings.name}, mounts apart`, hasOwnMounts: true };
  attackAll(apart, alone, 1);
}

function attackAll(surroundings: Surroundings, attacks: readonly Attack[], atOnce: number): void {
  describe(surroundings.name, () => {
    let attacked: AttackedServer;
    let client: WireClient;
    let tried = 0;
    const turnstile = new Turnstile(atOnce);
    beforeAll(async () => {
      attacked = await attackedServer(surroundings);
      client = await WireClient.open(attacked.server.url);
    });
    afterAll(async () => {
      client.vanish();
      await attacked[Symbol.asyncDispose]();
    });

    for (const attack of attacks) {
      const shown = async () => {
        const on = { attacked, client };
        const outcome = await tryConfined(attack, on);
        // A documented limit is shown: when it goes away, so must the words about it.
        const isLimit = attack.needsNamespaces === true && surroundings.mechanism === "landlock";
        expect(outcome).toMatchObject({ kind: isLimit ? "through" : "held" });
        if (outcome.kind === "held" && !outcome.refused) tried++;
        if (isTwinShownElsewhere(attack, surroundings)) return;
        expect(await tryAllowed(attack, on)).toMatchObject({ kind: "through" });
      };
      test.concurrent(
        `${attack.name}: held, and its twin goes through`,
        () => turnstile.pass(shown),
        600_000,
      );
    }

    if (surroundings.hasOwnMounts) return;
    test("most attacks were held by a wall, and not by a refusal of the whole sandbox", () => {
      expect(tried / attacks.length).toBeGreaterThan(surroundings.mechanism === "bubblewrap" ? 0.8 : 0.6);
    });
  });
}
