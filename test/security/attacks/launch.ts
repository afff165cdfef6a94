import { judged, shellTells } from "../acts.ts";
import type { Family } from "../attack.ts";
import { launchAttack } from "../launch-attack.ts";
import { probe, probes } from "../probe.ts";
import {
  alsoForLandlock,
  bothRead,
  bothWrite,
  denyPath,
  minimalWrite,
  type Profile,
  strong,
  unconfined,
  workspaceReadOnly,
  workspaceWrite,
} from "../profiles.ts";
import type { Ran } from "../scene.ts";

const inside = "cwd, program and words are looked up by the stage, inside";
const narrow: readonly Profile[] = [...alsoForLandlock(minimalWrite), workspaceReadOnly];
const openRead: readonly Profile[] = [bothRead, unconfined];

const tells = (ran: Ran, secret: string) =>
  judged(ran, ({ output }) => (output.includes(secret) ? output : undefined));

export const launchAttacks: Family = [
  launchAttack(
    "the working directory lies outside the view, and a file in it is named without a path",
    inside,
    narrow,
    async (scene) =>
      tells(await scene.run(["/bin/cat", "o.txt"], { cwd: scene.uri("out") }), scene.secrets.outside),
    openRead,
  ),
  launchAttack(
    "the working directory is a link to the outside",
    inside,
    narrow,
    async (scene) => {
      scene.symlink("../out", "ws/link");
      return tells(
        await scene.run(["/bin/cat", "o.txt"], { cwd: scene.uri("ws/link") }),
        scene.secrets.outside,
      );
    },
    openRead,
  ),
  launchAttack(
    "the working directory is left by its parent",
    inside,
    narrow,
    async (scene) =>
      tells(
        await scene.run(["/bin/cat", "../out/o.txt"], { cwd: scene.uri("ws/sub/..") }),
        scene.secrets.outside,
      ),
    openRead,
  ),
  launchAttack(
    "the program lies outside the view",
    inside,
    narrow,
    async (scene) => {
      scene.write("out/program", `#!/bin/sh\necho ${scene.secrets.outside}\n`, 0o755);
      return tells(await scene.run([scene.path("out/program")]), scene.secrets.outside);
    },
    openRead,
  ),
  launchAttack(
    "the program outside the view is found on PATH",
    inside,
    narrow,
    async (scene) => {
      scene.write("out/program", `#!/bin/sh\necho ${scene.secrets.outside}\n`, 0o755);
      const env = { PATH: `${scene.outside}:/usr/bin:/bin` };
      return tells(await scene.run(["program"], { env }), scene.secrets.outside);
    },
    openRead,
  ),
  launchAttack(
    "the program is denied, and run by its name alone",
    inside,
    [denyPath],
    async (scene) => {
      scene.write("ws/priv/program", `#!/bin/sh\necho ${scene.secrets.denied}\n`, 0o755);
      const env = { PATH: `${scene.workspace}/priv:/usr/bin:/bin` };
      return tells(await scene.run(["program"], { env }), scene.secrets.denied);
    },
    [workspaceWrite, unconfined],
  ),
  launchAttack(
    "a terminal's command reads what pipes may not",
    inside,
    narrow,
    async (scene) =>
      tells(await scene.run(["/bin/cat", "../out/o.txt"], { tty: true }), scene.secrets.outside),
    openRead,
  ),
  launchAttack(
    "a terminal's command writes outside",
    inside,
    strong,
    async (scene) => {
      const ran = await scene.run(["/bin/sh", "-c", "echo > ../out/n"], { tty: true });
      return judged(ran, () => (scene.exists("out/n") ? "out/n is there" : undefined));
    },
    [bothWrite, unconfined],
  ),
  launchAttack(
    "a terminal of the host is read",
    "a /dev of its own, and no terminals in it",
    strong,
    async (scene) => {
      const typing = await scene.background(["/bin/sh", "-c", "tty; sleep 60"], { tty: true });
      const [, path = ""] = await typing.says(/(\/dev\/pts\/\d+)/);
      await typing.write(`${scene.secrets.outside}\n`);
      return shellTells(scene, `timeout 1 head -c 20 ${path}`, scene.secrets.outside.slice(0, 20));
    },
  ),
  launchAttack(
    "a terminal of the host is written",
    "a /dev of its own, and no terminals in it",
    strong,
    async (scene) => {
      const reading = await scene.background(["/bin/sh", "-c", "tty; sleep 60"], { tty: true });
      const [, path = ""] = await reading.says(/(\/dev\/pts\/\d+)/);
      const ran = await scene.run(["/bin/sh", "-c", `echo attack > ${path}`]);
      await Bun.sleep(50);
      return judged(ran, () => (reading.output.includes("attack") ? reading.output : undefined));
    },
  ),
  launchAttack(
    "a file of /proc is opened for writing that is not the process's own",
    "/proc/sys is read-only, and what else is in /proc is its owner's",
    strong,
    (scene) => probes(scene, probe("kernel", "write_proc")),
  ),
  launchAttack(
    "a message queue of the host is opened",
    "namespaces of its own, and the filter",
    strong,
    async (scene) => {
      const name = `codex-env-${crypto.randomUUID().slice(0, 8)}`;
      const keeper = await scene.background(probe("kernel", "make_queue", name), { pipeStdin: true });
      await keeper.says(/READY/);
      const outcome = await probes(scene, probe("kernel", "open_queue", name));
      await keeper.write("\n");
      await keeper.says(/REMOVED/);
      return outcome;
    },
  ),
];
