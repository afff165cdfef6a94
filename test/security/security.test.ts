import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { WireClient } from "../support/wire-client.ts";
import { allAttacks } from "./all-attacks.ts";
import { tryAllowed, tryConfined } from "./run-attack.ts";
import { type AttackedServer, allSurroundings, attackedServer } from "./surroundings.ts";

for (const surroundings of allSurroundings) {
  describe(surroundings.name, () => {
    let attacked: AttackedServer;
    let client: WireClient;
    beforeAll(async () => {
      attacked = await attackedServer(surroundings);
      client = await WireClient.open(attacked.server.url);
    });
    afterAll(async () => {
      client.vanish();
      await attacked[Symbol.asyncDispose]();
    });

    for (const attack of allAttacks) {
      test(`${attack.name}: held, and its twin goes through`, async () => {
        const on = { attacked, client };
        expect(await tryConfined(attack, on)).toMatchObject({ kind: "held" });
        // What only root may do is shown to be something by the server of root that has namespaces of its own to lose.
        const mayDoIt = surroundings.uid === 0 && surroundings.mechanism === "bubblewrap";
        if (attack.twinOfRoot && !mayDoIt) return;
        expect(await tryAllowed(attack, on)).toMatchObject({ kind: "through" });
      }, 60_000);
    }
  });
}
