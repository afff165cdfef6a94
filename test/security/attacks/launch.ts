import { existsSync, readFileSync, rmSync } from "node:fs";
import { judged, shellDoes, shellTells } from "../acts.ts";
import { type Attack, type Family, held, type Outcome, through } from "../attack.ts";
import type { Place } from "../place.ts";
import { probe, probes } from "../probe.ts";
import {
  alsoForLandlock,
  bothRead,
  bothWrite,
  denyPath,
  diskIsWorkspace,
  managed,
  minimalWrite,
  type Profile,
  rootRead,
  rootWriteDeny,
  type Sandbox,
  strong,
  unconfined,
  unprotectedWrite,
  withNetwork,
  workspaceReadOnly,
  workspaceWrite,
} from "../profiles.ts";
import type { Ran, Scene } from "../scene.ts";
import { give } from "../surroundings.ts";

const inside = "cwd, program and words are looked up by the stage, inside";
const narrow: readonly Profile[] = [...alsoForLandlock(minimalWrite), workspaceReadOnly];
const openRead: readonly Profile[] = [bothRead, unconfined];

const attack = (
  name: string,
  wall: string,
  confined: readonly Profile[],
  attempt: (scene: Scene) => Promise<Outcome>,
  allowed: readonly Profile[] = [unconfined],
): Attack => ({ name: `launch: ${name}`, wall, confined, allowed, attempt });

const tells = (ran: Ran, secret: string) =>
  judged(ran, ({ output }) => (output.includes(secret) ? output : undefined));

/** The command line that clients of 0.131.0 sent: the launcher with a profile, and no sandbox of its own. */
function wrapped(scene: Scene, profile: string, ...argv: readonly string[]): readonly string[] {
  const launcher = "/opt/codex/codex-linux-sandbox";
  const cwd = ["--sandbox-policy-cwd", scene.workspace, "--command-cwd", scene.workspace];
  return [launcher, ...cwd, "--permission-profile", profile, "--", ...argv];
}

const olderProfile = (file_system: Sandbox) =>
  JSON.stringify({ type: "managed", file_system, network: "restricted" });
const olderReadOnly = olderProfile({
  type: "restricted",
  entries: [{ path: { type: "special", value: { kind: "root" } }, access: "read" }],
});

/** The twin is the same command without the launcher's words. */
const older = (name: string, profile: string, script = "echo > ../out/pwned"): Attack =>
  attack(
    `${name}, in the command line of older clients`,
    "the launcher's words become the same policy",
    [unconfined],
    async (scene) => {
      const isTwin = scene.sandbox !== null;
      scene.sandbox = null;
      const argv = ["/bin/sh", "-c", script];
      const ran = await scene.run(isTwin ? argv : wrapped(scene, profile, ...argv));
      return judged(ran, () => (scene.exists("out/pwned") ? "out/pwned is there" : undefined));
    },
    [workspaceWrite],
  );

/** A command of the same sandbox exchanges two names while further ones are started again and again. */
async function startsWhileExchanged(
  scene: Scene,
  names: readonly [string, string],
  start: () => Promise<string | undefined>,
): Promise<Outcome> {
  const first = await scene.run(["/bin/true"]);
  if (first.refused !== undefined) return { kind: "held", how: first.refused, refused: true };
  const exchange = probe("swap", "exchange", ...names.map((name) => scene.path(name)));
  const swapper = await scene.background(exchange, { sandbox: scene.sandbox });
  await swapper.says(/swapping/);
  const most = scene.sandbox === null ? 300 : 40;
  for (let i = 0; i < most; i++) {
    const evidence = await start();
    if (evidence !== undefined) return through(`start ${i + 1}: ${evidence}`);
  }
  return held(`${most} starts`);
}

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

export const launchAttacks: Family = [
  attack(
    "the working directory lies outside the view, and a file in it is named without a path",
    inside,
    narrow,
    async (scene) =>
      tells(await scene.run(["/bin/cat", "o.txt"], { cwd: scene.uri("out") }), scene.secrets.outside),
    openRead,
  ),
  attack(
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
  attack(
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
  attack(
    "the program lies outside the view",
    inside,
    narrow,
    async (scene) => {
      scene.write("out/program", `#!/bin/sh\necho ${scene.secrets.outside}\n`, 0o755);
      return tells(await scene.run([scene.path("out/program")]), scene.secrets.outside);
    },
    openRead,
  ),
  attack(
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
  attack(
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
  attack(
    "a terminal's command reads what pipes may not",
    inside,
    narrow,
    async (scene) =>
      tells(await scene.run(["/bin/cat", "../out/o.txt"], { tty: true }), scene.secrets.outside),
    openRead,
  ),
  attack(
    "a terminal's command writes outside",
    inside,
    strong,
    async (scene) => {
      const ran = await scene.run(["/bin/sh", "-c", "echo > ../out/n"], { tty: true });
      return judged(ran, () => (scene.exists("out/n") ? "out/n is there" : undefined));
    },
    [bothWrite, unconfined],
  ),
  older("a profile for reading alone", olderReadOnly),
  older("a profile that is no JSON", "{"),
  older("a profile of no known type", '{"type":"lenient"}'),
  older("a profile whose entries are missing", olderProfile({ type: "restricted" })),
  attack(
    "a legacy policy of read-only is sent",
    "it becomes the same policy",
    [legacy("read-only")],
    (scene) => shellDoes(scene, "echo > n.txt", () => scene.exists("ws/n.txt")),
    [legacy("workspace-write"), unconfined],
  ),
  attack(
    "a legacy policy of workspace-write is sent, and the outside written",
    "it becomes the same policy",
    [legacy("workspace-write")],
    (scene) => shellDoes(scene, "echo > ../out/n", () => scene.exists("out/n")),
    [legacy("danger-full-access"), unconfined],
  ),
  attack(
    "a legacy policy has no known type",
    "what is not understood is refused",
    [legacy("anything")],
    (scene) => shellTells(scene, "cat a.txt", scene.secrets.inside),
    [legacy("read-only"), unconfined],
  ),
  ...[
    { name: "on a writable disk", confined: [rootWriteDeny, homeWrite] },
    { name: "where the whole disk is the workspace", confined: [diskIsWorkspace] },
    { name: "by a command with network, of whose sandbox it tells the server", confined: [homeWriteNetwork] },
  ].map(({ name, confined }) =>
    attack(
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
  attack(
    "a denied directory changes places with another while processes start",
    "what is mounted is the very object that was judged",
    [denyPath],
    (scene) => {
      scene.makeDirectory("ws/swap");
      return startsWhileExchanged(scene, ["ws/swap", "ws/priv"], async () => {
        const { output } = await scene.run(["/bin/cat", "priv/p.txt"]);
        return output.includes(scene.secrets.denied) ? "the denied file was read" : undefined;
      });
    },
    [workspaceWrite, unconfined],
  ),
  attack(
    ".git changes places with a link to the outside while processes start",
    "what is mounted is the very object that was judged",
    [workspaceWrite],
    (scene) => {
      scene.symlink("../out", "ws/link");
      return startsWhileExchanged(scene, ["ws/link", "ws/.git"], async () => {
        await scene.run(["/bin/sh", "-c", "echo > .git/n; echo > link/n"]);
        return scene.exists("out/n") ? "the outside was written" : undefined;
      });
    },
    [unconfined],
  ),
  attack(
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
  attack(
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
  attack(
    "a file of /proc is opened for writing that is not the process's own",
    "/proc/sys is read-only, and what else is in /proc is its owner's",
    strong,
    (scene) => probes(scene, probe("kernel", "write_proc")),
  ),
  attack(
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

function legacy(type: string): Profile {
  return (place) => ({
    sandboxPolicy: { type, writable_roots: [], network_access: false },
    sandboxPolicyCwd: `file://${place.workspace}`,
    cwd: `file://${place.workspace}`,
    workspaceRoots: [`file://${place.workspace}`],
  });
}
