/**
 * bun test/security/try.ts [--twins] [--confined] [--all] [--only TEXT] [--where TEXT]: every attack in every
 * surroundings, with a line for each that did not go as it should, or for all. CODEX_ENV_SERVER names another server:
 * `CODEX_ENV_SERVER="codex exec-server"` shows what gets out of the reference. `--readme` writes the list of the README.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { WireClient } from "../support/wire-client.ts";
import { allAttacks, knownAttacks } from "./all-attacks.ts";
import { withAttackList } from "./attack-list.ts";
import { tryAllowed, tryConfined } from "./run-attack.ts";
import { allSurroundings, attackedServer } from "./surroundings.ts";

const { values: flags } = parseArgs({
  options: {
    twins: { type: "boolean", default: false },
    confined: { type: "boolean", default: false },
    all: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    where: { type: "string", default: "" },
    readme: { type: "boolean", default: false },
  },
});

if (flags.readme) {
  const readme = join(import.meta.dir, "README.md");
  await Bun.write(readme, withAttackList(await Bun.file(readme).text(), knownAttacks));
  process.exit(0);
}

const everywhere = allSurroundings.flatMap((surroundings) => [
  surroundings,
  { ...surroundings, name: `${surroundings.name}, mounts apart`, hasOwnMounts: true },
]);

for (const surroundings of everywhere.filter(({ name }) => name.includes(flags.where))) {
  const attacks = allAttacks.filter(
    ({ name, alone }) => name.includes(flags.only) && alone === surroundings.hasOwnMounts,
  );
  if (attacks.length === 0) continue;
  await using attacked = await attackedServer(surroundings);
  let client = await WireClient.open(attacked.server.url);
  const counts = { good: 0, bad: 0, refused: 0 };
  for (const attack of attacks) {
    for (const [kind, attempt, wanted] of [
      ["confined", tryConfined, "held"],
      ["twin", tryAllowed, "through"],
    ] as const) {
      if (kind === "twin" ? flags.confined : flags.twins) continue;
      const begun = performance.now();
      const outcome = await attempt(attack, { attacked, client }).catch((error: unknown) => ({
        kind: "failed" as const,
        how: String(error),
      }));
      // One request that hangs may hold up a connection for good.
      if (client.closed || outcome.kind === "failed") {
        client.vanish();
        client = await WireClient.open(attacked.server.url);
      }
      const ms = Math.round(performance.now() - begun);
      const isLimit = kind === "confined" && attack.needsNamespaces && surroundings.mechanism === "landlock";
      const isGood = outcome.kind === (isLimit ? "through" : wanted);
      if (outcome.kind === "held" && "refused" in outcome && outcome.refused) counts.refused++;
      counts[isGood ? "good" : "bad"]++;
      const unneeded = kind === "twin" && attack.twinOfRoot && surroundings.name !== "as root, bubblewrap";
      if (!isGood || flags.all)
        console.log(
          `${isGood ? "    " : unneeded ? "  - " : "BAD "} ${kind} ${ms} ms ${attack.name}: ${JSON.stringify(outcome).slice(0, 300)}`,
        );
    }
  }
  client.vanish();
  console.log(
    `${surroundings.name}: ${counts.good} as wanted, ${counts.bad} not, ${counts.refused} refused outright`,
  );
}
process.exit(0);
