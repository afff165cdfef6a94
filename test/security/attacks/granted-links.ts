import { shellDoes, writes } from "../acts.ts";
import type { Attack, Family, Outcome } from "../attack.ts";
import {
  entries,
  type Profile,
  pathEntry,
  rootRead,
  rootWriteDeny,
  unconfined,
  unprotectedWrite,
} from "../profiles.ts";
import type { Scene } from "../scene.ts";

/** Grants a name in the workspace, where the command before it has put a link. */
const grantsMade = entries((place) => [rootRead, pathEntry(`${place.workspace}/made`, "write")]);

interface Made {
  readonly name: string;
  /** What the command is held by that makes the link, and where that leads to. */
  readonly maker: Profile;
  readonly target: string;
  readonly victim: string;
  readonly act: (scene: Scene, victim: string) => Promise<Outcome>;
}

const made = ({ name, maker, target, victim, act }: Made): Attack => ({
  name: `granted link: ${name}`,
  wall: "a link that a sandbox may have made grants nothing beyond where it stands",
  confined: [grantsMade],
  allowed: [unconfined],
  attempt: async (scene) => {
    const ran = await scene.run(["/bin/ln", "-s", target, "made"], {
      sandbox: scene.sandbox === null ? null : maker(scene),
    });
    if (ran.refused !== undefined) return { kind: "held", how: ran.refused, refused: true };
    if (!scene.isLink("ws/made")) throw new Error(`no link was made: ${ran.output}`);
    return await act(scene, victim);
  },
});

const inShell = (scene: Scene, victim: string): Promise<Outcome> => {
  const name = victim.slice(victim.lastIndexOf("/") + 1);
  return shellDoes(scene, `echo evil > made/${name}`, () => scene.text(victim) === "evil\n");
};

const byRequest = (scene: Scene, victim: string): Promise<Outcome> =>
  writes(scene, `ws/made/${victim.slice(victim.lastIndexOf("/") + 1)}`, victim);

/** Landlock holds it as well. */
const writesWorkspace = entries((place) => [rootRead, ...unprotectedWrite(place.workspace)]);

const outside = { maker: writesWorkspace, target: "../out", victim: "out/o.txt" };
const kept = { maker: rootWriteDeny, target: "priv", victim: "ws/priv/p.txt" };

export const grantedLinkAttacks: Family = [
  made({ ...outside, name: "the next command writes outside by it", act: inShell }),
  made({ ...outside, name: "a file request writes outside by it", act: byRequest }),
  made({
    ...kept,
    name: "the next command writes what was kept from one with a writable disk",
    act: inShell,
  }),
  made({
    ...kept,
    name: "a file request writes what was kept from a command with a writable disk",
    act: byRequest,
  }),
];
