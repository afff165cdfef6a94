import { closeSync, constants, lchownSync, openSync, readdirSync, readSync } from "node:fs";
import { type Family, held, type Outcome, through } from "../attack.ts";
import { probe } from "../probe.ts";
import {
  bothWrite,
  denyGlob,
  entries,
  pathEntry,
  rootRead,
  strong,
  unconfined,
  workspace,
} from "../profiles.ts";
import type { Ran, Scene } from "../scene.ts";

const starts = 60;

interface Exchange {
  /** What each of the starts runs. */
  readonly command: string;
  /** Where the link leads that takes the place of ws/swap; else outside. */
  readonly target?: string;
  /** How long it is there at most, seconds. */
  readonly moment?: number;
}

/** A start that the race itself ended is no refusal of the profile. */
const outright = (ran: Ran): Outcome | undefined =>
  ran.refused === undefined ? undefined : { kind: "held", how: ran.refused, refused: true };

/** Whether the names that are exchanged have something happen where a command's profile lets it do nothing. */
async function whileMounted(
  scene: Scene,
  exchange: Exchange,
  done: () => string | undefined,
): Promise<Outcome> {
  const { command, target = "../out", moment = 0.001 } = exchange;
  const first = await scene.run(["/bin/sh", "-c", "true"]);
  const refused = outright(first);
  if (refused !== undefined) return refused;
  const [one, other] = [scene.path("ws/swap"), scene.path("ws/link")];
  // Its own profile does not name what it exchanges: that would stay where it is.
  const sandbox = scene.sandbox === null ? null : denyGlob(scene);
  const swapper = await scene.background(probe("swap", "exchange_for_a_moment", one, other, target, moment), {
    sandbox,
  });
  await swapper.says(/swapping/);
  let ran = 0;
  for (let tries = 1; tries <= starts; tries++) {
    if ((await scene.run(["/bin/sh", "-c", command])).refused === undefined) ran++;
    const evidence = done();
    if (evidence !== undefined) return through(`start ${tries}: ${evidence}`);
  }
  return held(`${starts} starts, ${ran} of them came to run`);
}

/** Whether a start makes what it is to mount on, at `made`, where the link leads. */
async function makesMountPoint(
  scene: Scene,
  exchange: Omit<Exchange, "moment">,
  made: string,
): Promise<Outcome> {
  // A start's mounts take about as long.
  return await whileMounted(scene, { ...exchange, moment: 0.004 }, () =>
    scene.exists(made) ? `${made} was made` : undefined,
  );
}

/** What a host's reader of the FIFO gets. */
async function writesToFifo(scene: Scene): Promise<Outcome> {
  const fifo = scene.path("out/ctl");
  Bun.spawnSync(["mkfifo", "-m", "600", fifo]);
  const { uid } = scene.attacked.surroundings;
  lchownSync(fifo, uid, uid);
  // Open for both, so that nobody waits for the other.
  const reader = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
  try {
    const ran = await scene.run(["/bin/sh", "-c", "echo leaked > ../out/ctl"]);
    const got = heard(reader);
    return got !== "" ? through(`the reader got ${got}`) : (outright(ran) ?? held(ran.output));
  } finally {
    closeSync(reader);
  }
}

function heard(reader: number): string {
  const bytes = Buffer.alloc(64);
  try {
    return bytes.subarray(0, readSync(reader, bytes)).toString();
  } catch {
    // EAGAIN: nobody wrote.
    return "";
  }
}

/** Root's directory in the workspace, in which a plain user can make nothing. */
function foreignDirectory(scene: Scene): void {
  scene.makeDirectory("ws/foreign");
  lchownSync(scene.path("ws/foreign"), 0, 0);
}

export const mountAttacks: Family = [
  {
    name: "mounts: a command exchanges a directory for a link while the next one's sandbox is mounted, which then writes outside",
    wall: "the stage compares what is mounted with the plan before anything runs",
    confined: [denyGlob],
    allowed: [unconfined],
    attempt: (scene) =>
      whileMounted(scene, { command: "echo x > ../out/o.txt" }, () =>
        scene.text("out/o.txt") === scene.secrets.outside ? undefined : "the file outside was written",
      ),
  },
  {
    name: "mounts: a command exchanges a directory for a link while the next one's sandbox is mounted, so that the file to mask is made outside",
    wall: "what is mounted on is found by descriptors that follow no link, and never made",
    confined: [denyGlob],
    allowed: [unconfined],
    attempt: (scene) => makesMountPoint(scene, { command: ": > swap/x.env" }, "out/x.env"),
  },
  {
    name: "mounts: a command exchanges a directory for a link while the next one's sandbox is mounted, so that the directory to mask is made outside",
    wall: "what is mounted on is found by descriptors that follow no link, and never made",
    confined: [
      entries((place) => [rootRead, workspace("write"), pathEntry(`${place.workspace}/swap/hid`, "deny")]),
    ],
    allowed: [unconfined],
    attempt: (scene) => makesMountPoint(scene, { command: "mkdir swap/hid" }, "out/hid"),
  },
  {
    name: "mounts: a command exchanges a directory for a link while the next one's sandbox is mounted, so that the file to mask is made in .git",
    wall: "what is mounted on is found by descriptors that follow no link, and never made",
    confined: [denyGlob],
    allowed: [unconfined],
    attempt: (scene) =>
      makesMountPoint(scene, { command: ": > swap/x.env", target: ".git" }, "ws/.git/x.env"),
  },
  {
    name: "mounts: a FIFO outside is written to, which no read-only mount prevents",
    wall: "a Landlock domain lets nothing be opened for writing beyond what the profile writes",
    confined: strong,
    allowed: [bothWrite, unconfined],
    attempt: writesToFifo,
  },
  {
    name: "mounts: a directory in which nothing can be made is moved away, and another made in its place",
    setByRoot: true,
    wall: "the directory and those above it are mounts of their own, which cannot be moved",
    confined: [
      entries((place) => [
        rootRead,
        workspace("write"),
        pathEntry(`${place.workspace}/foreign`, "write"),
        pathEntry(`${place.workspace}/foreign/secret`, "deny"),
      ]),
    ],
    allowed: [unconfined],
    attempt: async (scene) => {
      foreignDirectory(scene);
      const ran = await scene.run(["/bin/sh", "-c", "mv foreign gone; mkdir -p foreign/secret foreign/.git"]);
      const names = scene.exists("ws/foreign") ? readdirSync(scene.path("ws/foreign")) : [];
      if (names.includes("secret")) return through(`foreign has ${names}`);
      return outright(ran) ?? held(ran.output);
    },
  },
];
