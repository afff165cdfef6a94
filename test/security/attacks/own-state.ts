import { existsSync, readFileSync, rmSync } from "node:fs";
import { shellDoes } from "../acts.ts";
import type { Family } from "../attack.ts";
import { launchAttack } from "../launch-attack.ts";
import type { Place } from "../place.ts";
import {
  diskIsWorkspace,
  managed,
  type Profile,
  rootRead,
  rootWriteDeny,
  unprotectedWrite,
  withNetwork,
  workspaceWrite,
} from "../profiles.ts";
import { give } from "../surroundings.ts";

/** Where the server keeps what its sandboxes go by: by its account's home, or in shared memory for one that has none. */
function privateDirectoryOf({ uid }: Place): string {
  const account = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .find(([, , id]) => id === String(uid));
  const home = account?.[5];
  return home !== undefined && existsSync(home)
    ? `${home}/.local/state/codex-env`
    : `/dev/shm/codex-env-${uid}`;
}

/** All around that directory may be written. */
const homeWrite: Profile = (place) =>
  managed(place, [
    rootRead,
    ...unprotectedWrite(privateDirectoryOf(place).replace(/(\/\.local\/state)?\/codex-env[^/]*$/, "")),
  ]);
const homeWriteNetwork: Profile = (place) => withNetwork(homeWrite(place));

export const ownStateAttacks: Family = [
  ...[
    { name: "on a writable disk", confined: [rootWriteDeny, homeWrite] },
    { name: "where the whole disk is the workspace", confined: [diskIsWorkspace] },
    { name: "by a command with network, of whose sandbox it tells the server", confined: [homeWriteNetwork] },
  ].map(({ name, confined }) =>
    launchAttack(
      `the private directory of the server is changed ${name}`,
      "it is hidden in every sandbox",
      confined,
      async (scene) => {
        // It is made by the first sandbox that needs it.
        await scene.run(["/bin/true"], { sandbox: workspaceWrite(scene) });
        const path = privateDirectoryOf(scene);
        // Landlock alone needs none.
        if (!existsSync(path)) Bun.spawnSync(["/bin/mkdir", "-p", path]);
        give(path, scene.uid);
        const mark = `${path}/attack-${crypto.randomUUID().slice(0, 8)}`;
        const outcome = await shellDoes(scene, `echo > ${mark}`, () => existsSync(mark));
        rmSync(mark, { force: true });
        return outcome;
      },
    ),
  ),
];
