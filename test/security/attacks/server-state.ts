import { existsSync, rmSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { until } from "../../support/wait.ts";
import { judged } from "../acts.ts";
import type { Attack, Family } from "../attack.ts";
import { probe, probes } from "../probe.ts";
import {
  managed,
  networked,
  networkedReadOnly,
  type Profile,
  pathEntry,
  rootWriteDeny,
  special,
  strong,
  unconfined,
  withTemporary,
  workspace,
  workspaceWrite,
} from "../profiles.ts";
import type { Scene } from "../scene.ts";
import { attackedServer } from "../surroundings.ts";

/** The home of the server's environment may be written, where its state would be made. */
const withHome: Profile = (place) =>
  managed(place, [
    special("root", "read"),
    workspace("write"),
    pathEntry(join(place.workspace, "../../../home"), "write"),
  ]);

/** Where a server of this account has, had or could have what it goes by. */
function statePlaces(scene: Scene): readonly string[] {
  const { directory } = scene.attacked;
  return [
    `${directory}/tmp/codex-env-${scene.uid}`,
    `${directory}/home/.local/state/codex-env`,
    `/tmp/codex-env-${scene.uid}`,
    `/dev/shm/codex-env-${scene.uid}`,
    ...(scene.isRoot ? [join(userInfo().homedir, ".local/state/codex-env")] : []),
  ];
}

/** An entry as a server writes it says that this file is one of its placeholders. */
function forging(scene: Scene, victim: string): string {
  const { dev, ino } = statSync(victim, { bigint: true });
  const name = entryName(victim);
  const older = `{"path":"${victim}","kind":"file"}`;
  return statePlaces(scene)
    .map((place) => `${place}/placeholders`)
    .map(
      (registry) =>
        `mkdir -p ${registry}; chmod 700 ${registry}/.. ${registry}; printf 'f ${dev}:${ino} ${victim}\\0' > ${registry}/${name}; printf '%s' '${older}' > ${registry}/older`,
    )
    .join("; ");
}

/** The twin has written where the account's own servers look. */
function tidy(scene: Scene, victim: string): void {
  for (const place of statePlaces(scene)) {
    for (const name of [entryName(victim), "older"]) rmSync(`${place}/placeholders/${name}`, { force: true });
  }
  rmSync(`/tmp/codex-env-${scene.uid}`, { recursive: true, force: true });
}

const entryName = (path: string) => new Bun.CryptoHasher("sha256").update(path).digest("hex");

const forgery = (name: string, confined: readonly Profile[]): Attack => ({
  name: `server state: an entry of the registry is forged so that the next server removes a file, ${name}`,
  wall: "the registry lies where no sandbox of the account ever writes",
  confined,
  allowed: [unconfined],
  attempt: async (scene) => {
    scene.write("out/empty", "");
    const victim = scene.path("out/empty");
    const env = { PATH: "/usr/bin:/bin", TMPDIR: `${scene.attacked.directory}/tmp` };
    const ran = await scene.run(["/bin/sh", "-c", `${forging(scene, victim)}; true`], { env });
    await using next = await attackedServer(scene.attacked.surroundings);
    const gone = await until(() => !existsSync(victim), 1200);
    tidy(scene, victim);
    return judged(ran, () => (gone ? `${victim} was removed by the server ${next.server.pid}` : undefined));
  },
});

export const serverStateAttacks: Family = [
  forgery("in the temporary directory", [withTemporary, ...strong]),
  forgery("in the home", [withHome, ...strong]),
  forgery("on a writable disk", [rootWriteDeny, ...strong]),
  forgery("in the workspace alone", [workspaceWrite, ...strong]),
  {
    name: "server state: another server of the account, with another home, is called from inside",
    wall: "that a sandbox with network runs is to be seen by all who share the network",
    confined: [networked, networkedReadOnly],
    allowed: [unconfined],
    attempt: async (scene) => {
      await using other = await attackedServer(scene.attacked.surroundings);
      return await probes(scene, probe("sockets", "exec_server", other.server.url));
    },
  },
];
