import { existsSync } from "node:fs";
import type { Attack } from "./attack.ts";
import { environmentAttacks } from "./attacks/environment.ts";
import { deniedAttacks } from "./attacks/globs.ts";
import { hardLinkAttacks } from "./attacks/hard-links.ts";
import { kernelAttacks } from "./attacks/kernel.ts";
import { launchAttacks } from "./attacks/launch.ts";
import { mountAttacks } from "./attacks/mounts.ts";
import { pathAttacks } from "./attacks/paths.ts";
import { policyAttacks } from "./attacks/policies.ts";
import { processAttacks } from "./attacks/processes.ts";
import { protectedAttacks } from "./attacks/protected-names.ts";
import { raceAttacks } from "./attacks/races.ts";
import { serverStateAttacks } from "./attacks/server-state.ts";
import { socketAttacks } from "./attacks/sockets.ts";
import { truthAttacks } from "./attacks/truth.ts";

/** Every attack, also those on what this machine has not. */
export const knownAttacks: readonly Attack[] = [
  ...pathAttacks,
  ...hardLinkAttacks,
  ...deniedAttacks,
  ...protectedAttacks,
  ...raceAttacks,
  ...truthAttacks,
  ...policyAttacks,
  ...processAttacks,
  ...launchAttacks,
  ...kernelAttacks,
  ...socketAttacks,
  ...environmentAttacks,
  ...serverStateAttacks,
  ...mountAttacks,
];

/** Why an attack cannot be made here. */
function hindrance({ sign, setByRoot }: Attack): string | undefined {
  if (sign !== undefined && !existsSync(sign)) return `this machine has no ${sign}`;
  return setByRoot && process.getuid?.() !== 0 ? "only root can set it up" : undefined;
}

export const allAttacks: readonly Attack[] = knownAttacks.filter((attack) => hindrance(attack) === undefined);

for (const attack of knownAttacks) {
  const reason = hindrance(attack);
  if (reason !== undefined) console.warn(`skipped: "${attack.name}": ${reason}`);
}
