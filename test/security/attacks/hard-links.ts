import { copies, newHandle, reads, readsBlock, shellDoes, shellTells, writes } from "../acts.ts";
import { type Attack, type Family, held, type Outcome } from "../attack.ts";
import type { Profile } from "../profiles.ts";
import {
  alsoForLandlock,
  bothWrite,
  denyFile,
  denyGlob,
  denyPath,
  minimalWrite,
  unconfined,
  workspaceWrite,
} from "../profiles.ts";
import type { Scene } from "../scene.ts";

const inodes = "denied files are known by inode: another name of one is refused as well";
const newFile =
  "a file of several names is replaced under the name that is written, the other keeps its contents";
const names =
  "files of further names are found when the plan is made: each of them is masked, or the start is refused";
const mounts = "no link crosses a mount, and every rule of a plan is a mount of its own";

interface Linked {
  readonly name: string;
  readonly wall: string;
  readonly confined: Profile;
  /** Nothing like the profile can hold it. */
  readonly onlyThis?: boolean;
  readonly allowed: readonly Profile[];
  readonly attempt: (scene: Scene) => Promise<Outcome>;
}

const linked = ({ name, wall, confined, onlyThis = false, allowed, attempt }: Linked): Attack => ({
  name: `hard link: ${name}`,
  wall,
  confined: onlyThis ? [confined] : alsoForLandlock(confined),
  allowed,
  attempt,
});

/** Where the name that was written has new contents, the answer was true; the other name is what the attack is after. */
const butOther =
  (scene: Scene) =>
  (outcome: Outcome): Outcome => {
    const written = scene.text("ws/other.txt");
    const isNew = written !== scene.secrets.outside && written !== scene.secrets.denied;
    return outcome.kind === "lied" && isNew ? held("only the name that was written has changed") : outcome;
  };

/** The other name stands before anything of the sandbox is made. */
const reading = (name: string, existing: string, confined: Profile, how: typeof reads): Attack =>
  linked({
    name,
    wall: inodes,
    confined,
    allowed: [workspaceWrite, unconfined],
    attempt: (scene) => {
      scene.hardLink(existing, "ws/other.txt");
      return how(scene, "ws/other.txt", existing.endsWith(".env") ? scene.secrets.env : scene.secrets.denied);
    },
  });

export const hardLinkAttacks: Family = [
  reading("a denied file is read by its other name", "ws/priv/p.txt", denyFile, reads),
  reading("a file in a denied directory is read by its other name", "ws/priv/p.txt", denyPath, reads),
  reading("a file that a glob denies is read by its other name", "ws/top.env", denyGlob, reads),
  reading(
    "a block of a file that a glob denies is read by its other name",
    "ws/sub/deep/x.env",
    denyGlob,
    readsBlock,
  ),
  linked({
    name: "a denied file is copied by its other name",
    wall: inodes,
    confined: denyFile,
    allowed: [workspaceWrite, unconfined],
    attempt: (scene) => {
      scene.hardLink("ws/priv/p.txt", "ws/other.txt");
      return copies(scene, "ws/other.txt", "ws/copy", () => scene.text("ws/copy") === scene.secrets.denied);
    },
  }),
  linked({
    name: "a tree with the other name of a denied file is copied",
    wall: inodes,
    confined: denyFile,
    allowed: [workspaceWrite, unconfined],
    attempt: (scene) => {
      scene.hardLink("ws/priv/p.txt", "ws/sub/other.txt");
      return copies(
        scene,
        "ws/sub",
        "ws/copy",
        () => scene.text("ws/copy/other.txt") === scene.secrets.denied,
      );
    },
  }),
  linked({
    name: "a denied file is overwritten by its other name",
    wall: inodes,
    confined: denyFile,
    allowed: [unconfined],
    attempt: (scene) => {
      scene.hardLink("ws/priv/p.txt", "ws/other.txt");
      return writes(scene, "ws/other.txt", "ws/priv/p.txt").then(butOther(scene));
    },
  }),
  linked({
    name: "a file outside is overwritten by its other name in the workspace",
    wall: newFile,
    confined: workspaceWrite,
    allowed: [unconfined],
    attempt: (scene) => {
      scene.hardLink("out/o.txt", "ws/other.txt");
      return writes(scene, "ws/other.txt", "out/o.txt").then(butOther(scene));
    },
  }),
  linked({
    name: "a file outside is emptied by opening its other name for replacement",
    wall: newFile,
    confined: workspaceWrite,
    allowed: [unconfined],
    attempt: async (scene) => {
      scene.hardLink("out/o.txt", "ws/other.txt");
      const handleId = newHandle();
      await scene.call("fs/open", { handleId, path: scene.uri("ws/other.txt"), mode: "replace" });
      await scene.client.call("fs/close", { handleId });
      return scene.text("out/o.txt") === scene.secrets.outside
        ? { kind: "held", how: "the other name keeps its contents" }
        : { kind: "through", evidence: "the file outside is changed" };
    },
  }),
  linked({
    name: "a copy lands on the other name of a file outside",
    wall: newFile,
    confined: workspaceWrite,
    allowed: [unconfined],
    attempt: (scene) => {
      scene.hardLink("out/o.txt", "ws/other.txt");
      return copies(
        scene,
        "ws/a.txt",
        "ws/other.txt",
        () => scene.text("out/o.txt") === scene.secrets.inside,
      ).then(butOther(scene));
    },
  }),
  linked({
    name: "a process links a file outside into the workspace",
    wall: mounts,
    confined: workspaceWrite,
    allowed: [unconfined],
    attempt: (scene) => shellDoes(scene, "ln ../out/o.txt ./other.txt", () => scene.exists("ws/other.txt")),
  }),
  linked({
    onlyThis: true,
    name: "a process links a file of .git into the workspace, to write it there",
    wall: mounts,
    confined: workspaceWrite,
    allowed: [unconfined],
    attempt: (scene) =>
      shellDoes(
        scene,
        "ln .git/config ./other; echo evil > other",
        () => scene.text("ws/.git/config") === "evil\n",
      ),
  }),
  linked({
    name: "a process links a denied file to another name",
    wall: mounts,
    confined: denyFile,
    allowed: [workspaceWrite, unconfined],
    attempt: (scene) => shellTells(scene, "ln priv/p.txt other; cat other", scene.secrets.denied),
  }),
  linked({
    name: "a process reads a denied file by a name that it had before",
    wall: names,
    confined: denyFile,
    allowed: [workspaceWrite, unconfined],
    attempt: (scene) => {
      scene.hardLink("ws/priv/p.txt", "ws/sub/other.txt");
      return shellTells(scene, "cat sub/other.txt", scene.secrets.denied);
    },
  }),
  linked({
    name: "a process reads a file that a glob denies by a name that it had before",
    wall: names,
    confined: denyGlob,
    allowed: [workspaceWrite, unconfined],
    attempt: (scene) => {
      scene.hardLink("ws/top.env", "ws/other.txt");
      return shellTells(scene, "cat other.txt", scene.secrets.env);
    },
  }),
  linked({
    name: "a process with a narrow view reads a file outside by a link it makes to /proc/self/fd",
    wall: "what is not in the view cannot be opened, so that nothing can be linked",
    confined: minimalWrite,
    allowed: [bothWrite, unconfined],
    attempt: (scene) =>
      shellTells(
        scene,
        `exec 7< ../out/o.txt && ln -s /proc/self/fd/7 other; cat other`,
        scene.secrets.outside,
      ),
  }),
];
