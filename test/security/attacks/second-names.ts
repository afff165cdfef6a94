import { lchownSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { limits } from "../../../core/limits.ts";
import { reads, shellDoes, shellTells, writes } from "../acts.ts";
import type { Family, Outcome } from "../attack.ts";
import {
  denyFile,
  denyGlob,
  denyPath,
  entries,
  globEntry,
  pathEntry,
  rootRead,
  unconfined,
  workspace,
  workspaceWrite,
} from "../profiles.ts";
import type { Scene } from "../scene.ts";
import { mountCommand } from "../surroundings.ts";

const mounts =
  "the host's mounts are looked at for further places of what a rule names: it holds there as well";
const bytes = "names that are no UTF-8 are looked for as bytes; what no rule can name is refused";
const globs = "globs are told apart by what they mean, not by how they are spelt";

/** Shows a directory a second time while something is tried. */
async function shownTwice(
  scene: Scene,
  { from, to, asks = false }: { readonly from: string; readonly to: string; readonly asks?: boolean },
  attempt: () => Promise<Outcome>,
): Promise<Outcome> {
  scene.makeDirectory(to);
  inServer(scene, "mount", "--bind", scene.path(from), scene.path(to));
  try {
    // File requests look at the host's mounts as seldom as that.
    if (asks) await Bun.sleep(limits.fsSystemFactsMs);
    return await attempt();
  } finally {
    inServer(scene, "umount", "-l", scene.path(to));
  }
}

function inServer({ attacked }: Scene, ...words: readonly string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(mountCommand(attacked, ...words));
  if (exitCode !== 0) throw new Error(`${words[0]}: ${stderr}`);
}

/** A path of the scene in which each `\xNN` of the text is that byte. */
function odd(scene: Scene, name: string): Buffer {
  return Buffer.concat([Buffer.from(`${scene.directory}/`), Buffer.from(name, "latin1")]);
}

function given(scene: Scene, path: Buffer): Buffer {
  lchownSync(path, scene.uid, scene.uid);
  return path;
}

/** A denied file called so, and another name of it in the workspace. */
function oddFileWithTwoNames(scene: Scene): void {
  const file = odd(scene, "ws/priv/\xff");
  writeFileSync(file, scene.secrets.denied);
  linkSync(given(scene, file), scene.path("ws/other.txt"));
}

/** Two patterns of one spelling: the first names a directory called `a*`. */
const alikeGlobs = entries((place) => [
  rootRead,
  workspace("write"),
  globEntry(`${place.workspace}/a\\*/*.env`),
  globEntry(`${place.workspace}/a*/*.env`),
]);

function makeAlike(scene: Scene): void {
  for (const name of ["ws/a*", "ws/abc"]) scene.makeDirectory(name);
  scene.write("ws/abc/y.env", scene.secrets.env);
}

/** Denied is what a link outside of the workspace leads to. */
const denyLinked = entries((place) => [
  rootRead,
  workspace("write"),
  pathEntry(`${place.outside}/link`, "deny"),
]);

function makeOddTarget(scene: Scene): void {
  const target = given(scene, makeDirectory(odd(scene, "out/\xff")));
  const file = Buffer.concat([target, Buffer.from("/s")]);
  writeFileSync(file, scene.secrets.outside);
  symlinkSync(target, scene.path("out/link"));
}

function makeDirectory(path: Buffer): Buffer {
  mkdirSync(path);
  return path;
}

export const secondNameAttacks: Family = [
  {
    name: "second name: a denied file is read where the host has mounted the workspace once more",
    setByRoot: true,
    alone: true,
    wall: mounts,
    confined: [denyPath],
    allowed: [workspaceWrite, unconfined],
    attempt: (scene) =>
      shownTwice(scene, { from: "ws", to: "again", asks: true }, () =>
        reads(scene, "again/priv/p.txt", scene.secrets.denied),
      ),
  },
  {
    name: "second name: a process reads a denied directory that the host has mounted once more",
    setByRoot: true,
    alone: true,
    wall: mounts,
    confined: [denyPath],
    allowed: [workspaceWrite, unconfined],
    attempt: (scene) =>
      shownTwice(scene, { from: "ws/priv", to: "again" }, () =>
        shellTells(scene, "cat ../again/p.txt", scene.secrets.denied),
      ),
  },
  {
    name: "second name: a file that a glob denies is read where a part of the workspace is mounted once more",
    setByRoot: true,
    alone: true,
    wall: mounts,
    confined: [denyGlob],
    allowed: [workspaceWrite, unconfined],
    attempt: (scene) =>
      shownTwice(scene, { from: "ws/sub/deep", to: "again", asks: true }, () =>
        reads(scene, "again/x.env", scene.secrets.env),
      ),
  },
  {
    name: "second name: a process reads a file that a glob denies where the workspace is mounted once more",
    setByRoot: true,
    alone: true,
    wall: mounts,
    confined: [denyGlob],
    allowed: [workspaceWrite, unconfined],
    attempt: (scene) =>
      shownTwice(scene, { from: "ws", to: "again" }, () =>
        shellTells(scene, "cat ../again/sub/deep/x.env", scene.secrets.env),
      ),
  },
  {
    name: "second name: .git is written where the workspace shows it once more",
    setByRoot: true,
    alone: true,
    wall: mounts,
    confined: [workspaceWrite],
    allowed: [unconfined],
    attempt: (scene) =>
      shownTwice(scene, { from: "ws/.git", to: "ws/again", asks: true }, () =>
        writes(scene, "ws/again/config", "ws/.git/config"),
      ),
  },
  {
    name: "second name: a process writes .git where the workspace shows it once more",
    setByRoot: true,
    alone: true,
    wall: mounts,
    confined: [workspaceWrite],
    allowed: [unconfined],
    attempt: (scene) =>
      shownTwice(scene, { from: "ws/.git", to: "ws/again" }, () =>
        shellDoes(scene, "echo evil > again/config", () => scene.text("ws/.git/config") === "evil\n"),
      ),
  },
  {
    name: "second name: a process reads a file that a glob denies in a directory whose name is no UTF-8",
    wall: bytes,
    confined: [denyGlob],
    allowed: [workspaceWrite, unconfined],
    attempt: (scene) => {
      const directory = given(scene, makeDirectory(odd(scene, "ws/\xff")));
      writeFileSync(Buffer.concat([directory, Buffer.from("/y.env")]), scene.secrets.env);
      return shellTells(scene, "cat */y.env", scene.secrets.env);
    },
  },
  {
    name: "second name: a denied file whose name is no UTF-8 is read by its other name",
    wall: bytes,
    confined: [denyPath],
    allowed: [workspaceWrite, unconfined],
    attempt: (scene) => {
      oddFileWithTwoNames(scene);
      return reads(scene, "ws/other.txt", scene.secrets.denied);
    },
  },
  {
    name: "second name: a process reads a denied file whose name is no UTF-8 by its other name",
    wall: bytes,
    confined: [denyPath],
    allowed: [denyFile, unconfined],
    attempt: (scene) => {
      oddFileWithTwoNames(scene);
      return shellTells(scene, "cat other.txt", scene.secrets.denied);
    },
  },
  {
    name: "second name: what is denied by a link to a name that is no UTF-8 is read",
    wall: bytes,
    confined: [denyLinked],
    allowed: [workspaceWrite, unconfined],
    attempt: (scene) => {
      makeOddTarget(scene);
      return reads(scene, "out/link/s", scene.secrets.outside);
    },
  },
  {
    name: "second name: a process reads what is denied by a link to a name that is no UTF-8",
    wall: bytes,
    confined: [denyLinked],
    allowed: [workspaceWrite, unconfined],
    attempt: (scene) => {
      makeOddTarget(scene);
      return shellTells(scene, "cat ../out/link/s", scene.secrets.outside);
    },
  },
  {
    name: "second name: of two globs that are spelt alike the second is forgotten",
    wall: globs,
    confined: [alikeGlobs],
    allowed: [workspaceWrite, unconfined],
    attempt: (scene) => {
      makeAlike(scene);
      return reads(scene, "ws/abc/y.env", scene.secrets.env);
    },
  },
  {
    name: "second name: a process reads what the second of two globs denies that are spelt alike",
    wall: globs,
    confined: [alikeGlobs],
    allowed: [workspaceWrite, unconfined],
    attempt: (scene) => {
      makeAlike(scene);
      return shellTells(scene, "cat abc/y.env", scene.secrets.env);
    },
  },
];
