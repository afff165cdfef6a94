import { copies, makes, newHandle, removes, shellDoes, writes } from "../acts.ts";
import type { Attack, Family, Outcome } from "../attack.ts";
import { entries, pathEntry, rootRead, special, unconfined, workspace, workspaceWrite } from "../profiles.ts";
import type { Scene } from "../scene.ts";

const judge = "the judge refuses .git, .agents, .codex and .aws at the top of a writable root, there or not";
const mount =
  "what is there is mounted read-only, and a placeholder stands where nothing is while a process runs";

type Attempt = (scene: Scene) => Promise<Outcome>;

const gitWritten = entries((place) => [
  rootRead,
  workspace("write"),
  ...[".git", ".agents", ".codex", ".aws"].map((subpath) => special("project_roots", "write", { subpath })),
  pathEntry(`${place.workspace}/sub`, "write"),
]);

const attack = (name: string, wall: string, attempt: Attempt): Attack => ({
  name: `protected: ${name}`,
  wall,
  confined: [workspaceWrite],
  allowed: [gitWritten, unconfined],
  attempt,
});

/** A file made by a script; the workspace's own names are what it is after. */
const made = (name: string, script: string, path: string) =>
  attack(name, mount, (scene) => shellDoes(scene, script, () => scene.exists(path)));

const requests: Family = [
  attack("a file of .git is written", judge, (scene) => writes(scene, "ws/.git/config")),
  attack("a hook is put into .git", judge, (scene) => writes(scene, "ws/.git/hook")),
  attack("a file of .git is written through a link", judge, (scene) => {
    scene.symlink(".git", "ws/link");
    return writes(scene, "ws/link/config", "ws/.git/config");
  }),
  attack("a file of .git is written by a link to it", judge, (scene) => {
    scene.symlink("../.git/config", "ws/sub/link");
    return writes(scene, "ws/sub/link", "ws/.git/config");
  }),
  attack("a file of .git is made by a dangling link", judge, (scene) => {
    scene.symlink("../.git/hook", "ws/sub/link");
    return writes(scene, "ws/sub/link", "ws/.git/hook");
  }),
  attack("a missing .codex is made", judge, (scene) => makes(scene, "ws/.codex")),
  attack("a missing .codex is made with what is in it", judge, (scene) => makes(scene, "ws/.codex/a/b")),
  attack("a missing .agents is made as a file", judge, (scene) => writes(scene, "ws/.agents")),
  attack("a missing .aws is made by copying a directory", judge, (scene) =>
    copies(scene, "ws/priv", "ws/.aws", () => scene.exists("ws/.aws/p.txt")),
  ),
  attack("a missing .codex is made through a link that dangles", judge, (scene) => {
    scene.symlink("../.codex", "ws/sub/link");
    return writes(scene, "ws/sub/link", "ws/.codex");
  }),
  attack("a file is copied into .git", judge, (scene) =>
    copies(scene, "ws/a.txt", "ws/.git/hook", () => scene.exists("ws/.git/hook")),
  ),
  attack("a tree that has a .git is copied over the workspace", judge, async (scene) => {
    scene.makeDirectory("ws/tree");
    scene.makeDirectory("ws/tree/.git");
    scene.write("ws/tree/.git/hook", "evil");
    await scene.call("fs/copy", {
      sourcePath: scene.uri("ws/tree/.git"),
      destinationPath: scene.uri("ws/.git"),
      recursive: true,
    });
    return scene.exists("ws/.git/hook")
      ? { kind: "through", evidence: "the hook is there" }
      : { kind: "held", how: "no hook came to .git" };
  }),
  attack(".git is removed", judge, (scene) => removes(scene, "ws/.git")),
  attack("a file of .git is removed", judge, (scene) => removes(scene, "ws/.git/config")),
  attack(".git is removed with the workspace", judge, async (scene) => {
    await scene.call("fs/remove", { path: scene.uri("ws"), recursive: true, force: true });
    return scene.exists("ws/.git/config")
      ? { kind: "held", how: ".git is still there" }
      : { kind: "through", evidence: ".git is gone" };
  }),
  attack("a file of .git is opened for replacement", judge, async (scene) => {
    const handleId = newHandle();
    const reply = await scene.call("fs/open", {
      handleId,
      path: scene.uri("ws/.git/config"),
      mode: "replace",
    });
    await scene.client.call("fs/close", { handleId });
    return scene.text("ws/.git/config") === ""
      ? { kind: "through", evidence: "the file is empty" }
      : { kind: "held", how: JSON.stringify(reply.error) };
  }),
  attack("the directory that a .git file names is written", judge, async (scene) => {
    const gitWorks = scene.path("ws/sub/gitdir");
    await scene
      .background(["/bin/sh", "-c", "rm -r .git; echo done; sleep 60"])
      .then((each) => each.says(/done/));
    scene.makeDirectory("ws/sub/gitdir");
    scene.write("ws/sub/gitdir/config", "[core]\n");
    scene.write("ws/.git", `gitdir: ${gitWorks}\n`);
    return writes(scene, "ws/sub/gitdir/config");
  }),
  attack("what a linked .git leads to is written by its own name", judge, async (scene) => {
    await scene
      .background(["/bin/sh", "-c", "mv .git sub/real; ln -s sub/real .git; echo done; sleep 60"])
      .then((each) => each.says(/done/));
    return writes(scene, "ws/.git/config", "ws/sub/real/config");
  }),
];

const commands: Family = [
  attack("a process writes a file of .git", mount, (scene) =>
    shellDoes(scene, "echo evil > .git/config", () => scene.text("ws/.git/config") === "evil\n"),
  ),
  made("a process puts a hook into .git", "echo evil > .git/hook", "ws/.git/hook"),
  made("a process renames .git and writes there", "mv .git other && echo evil > other/hook", "ws/other/hook"),
  attack("a process removes .git", mount, (scene) =>
    shellDoes(scene, "rm -rf .git", () => !scene.exists("ws/.git/config")),
  ),
  made("a process replaces .git", "mv .git x; mkdir .git; echo evil > .git/hook", "ws/.git/hook"),
  made(
    "a process makes a missing .codex",
    "mkdir .codex; echo evil > .codex/config.toml",
    "ws/.codex/config.toml",
  ),
  attack("a process makes a missing .agents as a link", mount, (scene) =>
    shellDoes(scene, "ln -s sub .agents", () => scene.isLink("ws/.agents")),
  ),
  made("a process makes a missing .aws by renaming", "mkdir n; echo evil > n/c; mv -T n .aws", "ws/.aws/c"),
  made(
    "a process takes a placeholder away and makes its own",
    "rmdir .codex; rm -rf .codex; mv .codex x; mkdir -p .codex; echo evil > .codex/c",
    "ws/.codex/c",
  ),
  made("a process writes .git through a link", "ln -s .git g; echo evil > g/hook", "ws/.git/hook"),
  made("a process writes .git through its own /proc", "echo evil > /proc/self/cwd/.git/hook", "ws/.git/hook"),
];

export const protectedAttacks: Family = [...requests, ...commands];
