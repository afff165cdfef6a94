import { lstatSync } from "node:fs";
import { heldBy, newHandle, reads } from "../acts.ts";
import { type Attack, type Family, held, type Outcome, through } from "../attack.ts";
import { probe } from "../probe.ts";
import {
  alsoForLandlock,
  bothRead,
  bothWrite,
  denyPath,
  minimalWrite,
  type Profile,
  unconfined,
  workspaceWrite,
} from "../profiles.ts";
import type { Scene } from "../scene.ts";

const pinned = "a request works on the descriptor of the very directory that was judged, not on its name";
const tries = 300;
const longest = 6000;

const race = (
  name: string,
  confined: Profile,
  allowed: readonly Profile[],
  attempt: (scene: Scene) => Promise<Outcome>,
): Attack => ({ name: `race: ${name}`, wall: pinned, confined: alsoForLandlock(confined), allowed, attempt });

/** Exchanges two names of the workspace without a pause while `act` is done again and again, until it goes through. */
async function whileExchanged(
  scene: Scene,
  names: readonly [string, string],
  act: () => Promise<string | undefined>,
): Promise<Outcome> {
  const served = await scene.call("fs/getMetadata", { path: scene.uri("ws/a.txt") });
  if (served.error) return heldBy(served.error);
  const swapper = await scene.background(probe("swap", "exchange", ...names.map((name) => scene.path(name))));
  await swapper.says(/swapping/);
  const inode = () => lstatSync(scene.path(names[0])).ino;
  const first = inode();
  const deadline = performance.now() + longest;
  let changed = 0;
  let done = 0;
  // On a busy machine the names may stand still for a while: both states count, or the tries are none. The twin without
  // a sandbox goes on until it is through.
  const enough = () =>
    scene.sandbox !== null && done >= tries && Math.min(changed, done - changed) >= tries / 10;
  while (performance.now() < deadline && !enough()) {
    const evidence = await act();
    if (evidence !== undefined) return through(`try ${done + 1}: ${evidence}`);
    done++;
    if (inode() !== first) changed++;
  }
  if (Math.min(changed, done - changed) === 0)
    throw new Error(`in ${done} tries the names never changed places`);
  return held(`${done} tries`);
}

/** `ws/swap` is a directory, `ws/link` a link to the outside, and they change places. */
function twoDirectories(scene: Scene): readonly [string, string] {
  scene.makeDirectory("ws/swap");
  scene.write("ws/swap/o.txt", "harmless");
  scene.symlink("../out", "ws/link");
  return ["ws/swap", "ws/link"];
}

const text = (reply: { readonly result?: { readonly dataBase64: string } }) =>
  Buffer.from(reply.result?.dataBase64 ?? "", "base64").toString();

export const raceAttacks: Family = [
  race(
    "a directory turns into a link while a file in it is read",
    minimalWrite,
    [bothRead, unconfined],
    (scene) =>
      whileExchanged(scene, twoDirectories(scene), async () => {
        const reply = await scene.call("fs/readFile", { path: scene.uri("ws/swap/o.txt") });
        return text(reply) === scene.secrets.outside ? "the file outside was read" : undefined;
      }),
  ),
  race("a file turns into a link while it is read", minimalWrite, [bothRead, unconfined], (scene) => {
    scene.write("ws/swap", "harmless");
    scene.symlink("../out/o.txt", "ws/link");
    return whileExchanged(scene, ["ws/swap", "ws/link"], async () => {
      const reply = await scene.call("fs/readFile", { path: scene.uri("ws/swap") });
      return text(reply) === scene.secrets.outside ? "the file outside was read" : undefined;
    });
  }),
  race(
    "a directory turns into a link while a file in it is written",
    workspaceWrite,
    [bothWrite, unconfined],
    (scene) =>
      whileExchanged(scene, twoDirectories(scene), async () => {
        await scene.call("fs/writeFile", { path: scene.uri("ws/swap/n.txt"), dataBase64: "eA==" });
        return scene.exists("out/n.txt") ? "the file was written outside" : undefined;
      }),
  ),
  race(
    "a file turns into a link while it is opened for replacement",
    workspaceWrite,
    [bothWrite, unconfined],
    (scene) => {
      scene.write("ws/swap", "harmless");
      scene.symlink("../out/o.txt", "ws/link");
      return whileExchanged(scene, ["ws/swap", "ws/link"], async () => {
        const handleId = newHandle();
        await scene.call("fs/open", { handleId, path: scene.uri("ws/swap"), mode: "replace" });
        await scene.client.call("fs/close", { handleId });
        return scene.text("out/o.txt") === scene.secrets.outside ? undefined : "the file outside was emptied";
      });
    },
  ),
  race(
    "a directory turns into a link while one is made in it",
    workspaceWrite,
    [bothWrite, unconfined],
    (scene) =>
      whileExchanged(scene, twoDirectories(scene), async () => {
        await scene.call("fs/createDirectory", { path: scene.uri("ws/swap/a/b"), recursive: true });
        return scene.exists("out/a") ? "the directory was made outside" : undefined;
      }),
  ),
  race(
    "a directory turns into a link while a file in it is removed",
    workspaceWrite,
    [bothWrite, unconfined],
    (scene) =>
      whileExchanged(scene, twoDirectories(scene), async () => {
        await scene.call("fs/remove", { path: scene.uri("ws/swap/o.txt"), recursive: false, force: true });
        return scene.exists("out/o.txt") ? undefined : "the file outside was removed";
      }),
  ),
  race("a directory turns into a link while it is listed", minimalWrite, [bothRead, unconfined], (scene) => {
    scene.write("out/only-outside", "");
    return whileExchanged(scene, twoDirectories(scene), async () => {
      const reply = await scene.call("fs/readDirectory", { path: scene.uri("ws/swap") });
      return JSON.stringify(reply).includes("only-outside") ? "the directory outside was listed" : undefined;
    });
  }),
  race(
    "a directory turns into a link while a file in it is copied",
    minimalWrite,
    [bothRead, unconfined],
    (scene) =>
      whileExchanged(scene, twoDirectories(scene), async () => {
        await scene.call("fs/copy", {
          sourcePath: scene.uri("ws/swap/o.txt"),
          destinationPath: scene.uri("ws/copy"),
          recursive: false,
        });
        return scene.text("ws/copy") === scene.secrets.outside ? "the file outside was copied" : undefined;
      }),
  ),
  race("the target of a copy turns into a link", workspaceWrite, [bothWrite, unconfined], (scene) =>
    whileExchanged(scene, twoDirectories(scene), async () => {
      await scene.call("fs/copy", {
        sourcePath: scene.uri("ws/a.txt"),
        destinationPath: scene.uri("ws/swap/n.txt"),
        recursive: false,
      });
      return scene.exists("out/n.txt") ? "the copy landed outside" : undefined;
    }),
  ),
  race(
    "a directory changes places with a denied one while a file in it is read",
    denyPath,
    [workspaceWrite, unconfined],
    (scene) => {
      scene.makeDirectory("ws/swap");
      scene.write("ws/swap/p.txt", "harmless");
      return whileExchanged(scene, ["ws/swap", "ws/priv"], async () => {
        // The judge knows a denied directory by its name: what stands at that name is denied, whatever it was before.
        const outcome = await reads(scene, "ws/priv/p.txt", scene.secrets.denied);
        return outcome.kind === "through" ? outcome.evidence : undefined;
      });
    },
  ),
  {
    ...race(
      "a directory changes places with .git while a file in it is written",
      workspaceWrite,
      [unconfined],
      (scene) => {
        scene.makeDirectory("ws/swap");
        scene.symlink(".git", "ws/link");
        return whileExchanged(scene, ["ws/swap", "ws/link"], async () => {
          await scene.call("fs/writeFile", { path: scene.uri("ws/swap/hook"), dataBase64: "eA==" });
          return scene.exists("ws/.git/hook") ? "the hook is in .git" : undefined;
        });
      },
    ),
    confined: [workspaceWrite],
  },
  {
    name: "race: a process turns a directory of its own into a link while it reads and writes through it",
    wall: "the mounts of the sandbox hold whatever the names are",
    confined: alsoForLandlock(minimalWrite),
    allowed: [bothWrite, unconfined],
    attempt: async (scene) => {
      const names = twoDirectories(scene);
      const script = `
        (while :; do mv -T swap x && mv -T link swap && mv -T swap link && mv -T x swap; done) 2>/dev/null &
        i=0
        while [ $i -lt 300 ]; do i=$((i+1)); read line < swap/o.txt; echo $line; read line < link/o.txt; echo $line; done 2>/dev/null
        kill $!`;
      const ran = await scene.run(["/bin/sh", "-c", script]);
      return ran.output.includes(scene.secrets.outside)
        ? through(`${names}: the file outside was read`)
        : ran.refused === undefined
          ? held("300 tries")
          : { kind: "held", how: ran.refused, refused: true };
    },
  },
];
