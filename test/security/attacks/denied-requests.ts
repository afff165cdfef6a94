import { asks, copies, reads, readsBlock, removes, writes } from "../acts.ts";
import type { Family } from "../attack.ts";
import { deniedAttack } from "../denied-attack.ts";
import {
  denyGlob,
  denyPath,
  entries,
  globEntry,
  type Profile,
  pathEntry,
  rootRead,
  rootWriteDeny,
  special,
  workspace,
} from "../profiles.ts";

const judge =
  "the judge holds the real path of every request against the denied paths and patterns, at that moment";
const said = "what cannot be enforced is refused with a sentence that names it";

const withGlob = (pattern: (root: string) => string, more: Readonly<Record<string, unknown>> = {}): Profile =>
  entries((place) => [rootRead, workspace("write"), globEntry(pattern(place.workspace))], more);

const denyThroughLink: Profile = entries((place) => [
  rootRead,
  workspace("write"),
  pathEntry(`${place.workspace}/link`, "deny"),
]);

export const deniedRequestAttacks: Family = [
  deniedAttack("a file in a denied directory is read", judge, denyPath, (scene) =>
    reads(scene, "ws/priv/p.txt", scene.secrets.denied),
  ),
  deniedAttack("a block of a file in a denied directory is read", judge, denyPath, (scene) =>
    readsBlock(scene, "ws/priv/p.txt", scene.secrets.denied),
  ),
  deniedAttack("a denied file is read by a link", judge, denyPath, (scene) => {
    scene.symlink("priv/p.txt", "ws/link");
    return reads(scene, "ws/link", scene.secrets.denied);
  }),
  deniedAttack("a denied file is read through a link to its directory", judge, denyPath, (scene) => {
    scene.symlink("../priv", "ws/sub/link");
    return reads(scene, "ws/sub/link/p.txt", scene.secrets.denied);
  }),
  deniedAttack("a denied file is read through a link to the workspace itself", judge, denyPath, (scene) => {
    scene.symlink("../ws", "ws/link");
    return reads(scene, "ws/link/priv/p.txt", scene.secrets.denied);
  }),
  deniedAttack("a denied file is read through /proc/self/root", judge, denyPath, (scene) =>
    reads(scene, `file:///proc/self/root${scene.path("ws/priv/p.txt")}`, scene.secrets.denied),
  ),
  deniedAttack("a denied directory is listed", judge, denyPath, (scene) =>
    asks(scene, { method: "fs/readDirectory", path: "ws/priv" }, /p\.txt/),
  ),
  deniedAttack("a walk goes into a denied directory", judge, denyPath, (scene) => {
    const options = { maxDepth: 4, maxDirectories: 100, maxEntries: 100, followDirectorySymlinks: true };
    return asks(scene, { method: "fs/walk", path: "ws", more: { options } }, /p\.txt/);
  }),
  deniedAttack("a file is written into a denied directory", judge, denyPath, (scene) =>
    writes(scene, "ws/priv/n.txt"),
  ),
  deniedAttack("a file in a denied directory is removed", judge, denyPath, (scene) =>
    removes(scene, "ws/priv/p.txt"),
  ),
  deniedAttack("a denied directory is removed with what is above it", judge, denyPath, async (scene) => {
    await scene.call("fs/remove", { path: scene.uri("ws"), recursive: true, force: true });
    return scene.exists("ws/priv/p.txt")
      ? { kind: "held", how: "the denied file is still there" }
      : { kind: "through", evidence: "the denied file is gone" };
  }),
  deniedAttack("a denied directory is copied", judge, denyPath, (scene) =>
    copies(scene, "ws/priv", "ws/copy", () => scene.text("ws/copy/p.txt") === scene.secrets.denied),
  ),
  deniedAttack("a tree with a denied file in it is copied", judge, denyGlob, async (scene) => {
    await scene.call("fs/copy", {
      sourcePath: scene.uri("ws/sub"),
      destinationPath: scene.uri("ws/copy"),
      recursive: true,
    });
    return scene.text("ws/copy/deep/x.env") === scene.secrets.env
      ? { kind: "through", evidence: "the denied file was copied" }
      : { kind: "held", how: "the denied file was not copied" };
  }),
  deniedAttack(
    "a denied path is named through a link: the file is read by its real name",
    judge,
    denyThroughLink,
    (scene) => {
      scene.symlink("priv", "ws/link");
      return reads(scene, "ws/priv/p.txt", scene.secrets.denied);
    },
  ),
  deniedAttack("under a writable disk a denied file is read", judge, rootWriteDeny, (scene) =>
    reads(scene, "ws/priv/p.txt", scene.secrets.denied),
  ),
  deniedAttack("a file that a glob denies is read", judge, denyGlob, (scene) =>
    reads(scene, "ws/top.env", scene.secrets.env),
  ),
  deniedAttack("a deep file that a glob denies is read", judge, denyGlob, (scene) =>
    reads(scene, "ws/sub/deep/x.env", scene.secrets.env),
  ),
  deniedAttack("a file that a glob denies is read by a link of another name", judge, denyGlob, (scene) => {
    scene.symlink("top.env", "ws/link.txt");
    return reads(scene, "ws/link.txt", scene.secrets.env);
  }),
  deniedAttack("a file that a glob denies is copied to another name", judge, denyGlob, (scene) =>
    copies(scene, "ws/top.env", "ws/copy", () => scene.text("ws/copy") === scene.secrets.env),
  ),
  deniedAttack("a file that comes to match a glob later is read", judge, denyGlob, async (scene) => {
    // The helper is there, and what it masks is settled.
    await scene.call("fs/readFile", { path: scene.uri("ws/a.txt") });
    scene.write("ws/late.env", scene.secrets.env);
    return reads(scene, "ws/late.env", scene.secrets.env);
  }),
  deniedAttack("a file that is replaced after the first request is read", judge, denyGlob, async (scene) => {
    await scene.call("fs/readFile", { path: scene.uri("ws/a.txt") });
    await scene
      .background(["/bin/sh", "-c", "echo $$; rm top.env; sleep 60"])
      .then((each) => each.says(/\d/));
    scene.write("ws/fresh", scene.secrets.env);
    await scene
      .background(["/bin/sh", "-c", "mv fresh top.env; echo moved; sleep 60"])
      .then((each) => each.says(/moved/));
    return reads(scene, "ws/top.env", scene.secrets.env);
  }),
  deniedAttack(
    "a denied directory is renamed after the first request and its file read",
    judge,
    denyPath,
    async (scene) => {
      await scene.call("fs/readFile", { path: scene.uri("ws/a.txt") });
      await scene
        .background(["/bin/sh", "-c", "mv priv gone; mkdir priv; mv gone/p.txt priv/; echo moved; sleep 60"])
        .then((each) => each.says(/moved/));
      return reads(scene, "ws/priv/p.txt", scene.secrets.denied);
    },
  ),
  deniedAttack("a file is written that a glob denies", judge, denyGlob, (scene) =>
    writes(scene, "ws/new.env"),
  ),
  deniedAttack("a file that a glob denies is removed", judge, denyGlob, (scene) =>
    removes(scene, "ws/top.env"),
  ),
  deniedAttack(
    "a pattern is broken, so that it would deny nothing",
    said,
    withGlob((root) => `${root}/**/[`),
    (scene) => reads(scene, "ws/top.env", scene.secrets.env),
  ),
  deniedAttack(
    "a pattern has alternatives, which nobody would match",
    said,
    withGlob((root) => `${root}/**/*.{env,txt}`),
    (scene) => reads(scene, "ws/top.env", scene.secrets.env),
  ),
  deniedAttack(
    "a pattern has no fixed directory in front",
    said,
    withGlob(() => "/**/*.env"),
    (scene) => reads(scene, "ws/top.env", scene.secrets.env),
  ),
  deniedAttack(
    "a pattern starts from a cwd that is not given",
    said,
    withGlob(() => "**/*.env", { cwd: undefined }),
    (scene) => reads(scene, "ws/top.env", scene.secrets.env),
  ),
  deniedAttack(
    "a pattern with a class and a question mark denies",
    judge,
    withGlob((root) => `${root}/t?[op].e*v`),
    (scene) => reads(scene, "ws/top.env", scene.secrets.env),
  ),
  deniedAttack(
    "a pattern under the home directory denies",
    judge,
    (place) => ({
      ...entries((each) => [
        special("root", "read"),
        globEntry("~/ws/*.env"),
        pathEntry(each.workspace, "write"),
      ])(place),
      userHomeDir: `file://${place.directory}`,
    }),
    (scene) => reads(scene, "ws/top.env", scene.secrets.env),
  ),
  deniedAttack(
    "a pattern under every workspace root denies",
    judge,
    withGlob(() => "codex-project-roots://**/*.env"),
    (scene) => reads(scene, "ws/sub/deep/x.env", scene.secrets.env),
  ),
];
