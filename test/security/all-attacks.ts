import { existsSync } from "node:fs";
import type { Attack } from "./attack.ts";
import { deniedCommandAttacks } from "./attacks/denied-commands.ts";
import { deniedRequestAttacks } from "./attacks/denied-requests.ts";
import { environmentAttacks } from "./attacks/environment.ts";
import { grantedLinkAttacks } from "./attacks/granted-links.ts";
import { hardLinkAttacks } from "./attacks/hard-links.ts";
import { kernelAttacks } from "./attacks/kernel.ts";
import { launchAttacks } from "./attacks/launch.ts";
import { letterCaseAttacks } from "./attacks/letter-case.ts";
import { mountAttacks } from "./attacks/mounts.ts";
import { namespaceAttacks } from "./attacks/namespaces.ts";
import { olderClientAttacks } from "./attacks/older-clients.ts";
import { ownStateAttacks } from "./attacks/own-state.ts";
import { pathAttacks } from "./attacks/paths.ts";
import { policyAttacks } from "./attacks/policies.ts";
import { processAttacks } from "./attacks/processes.ts";
import { protectedAttacks } from "./attacks/protected-names.ts";
import { raceAttacks } from "./attacks/races.ts";
import { secondNameAttacks } from "./attacks/second-names.ts";
import { serverStateAttacks } from "./attacks/server-state.ts";
import { socketAttacks } from "./attacks/sockets.ts";
import { startRaceAttacks } from "./attacks/start-races.ts";
import { systemAttacks } from "./attacks/system.ts";
import { truthAttacks } from "./attacks/truth.ts";

/** Every attack, also those on what this machine has not. */
export const knownAttacks: readonly Attack[] = [
  ...pathAttacks,
  ...hardLinkAttacks,
  ...deniedRequestAttacks,
  ...deniedCommandAttacks,
  ...protectedAttacks,
  ...raceAttacks,
  ...truthAttacks,
  ...policyAttacks,
  ...processAttacks,
  ...launchAttacks,
  ...olderClientAttacks,
  ...ownStateAttacks,
  ...startRaceAttacks,
  ...namespaceAttacks,
  ...kernelAttacks,
  ...systemAttacks,
  ...socketAttacks,
  ...environmentAttacks,
  ...serverStateAttacks,
  ...mountAttacks,
  ...secondNameAttacks,
  ...letterCaseAttacks,
  ...grantedLinkAttacks,
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
