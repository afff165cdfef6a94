import { type Family, held, type Outcome, through } from "../attack.ts";
import { launchAttack } from "../launch-attack.ts";
import { probe } from "../probe.ts";
import { denyPath, unconfined, workspaceWrite } from "../profiles.ts";
import type { Scene } from "../scene.ts";

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

export const startRaceAttacks: Family = [
  launchAttack(
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
  launchAttack(
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
];
