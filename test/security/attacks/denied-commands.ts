import { reads, shellDoes, shellTells } from "../acts.ts";
import type { Family } from "../attack.ts";
import { deniedAttack } from "../denied-attack.ts";
import { denyGlob, denyPath, entries, pathEntry, rootRead, rootWriteDeny, workspace } from "../profiles.ts";

const mask = "an empty file or directory of mode 000 is mounted over what is denied";
const still = "what stands above a rule is mounted onto itself and cannot be renamed";

export const deniedCommandAttacks: Family = [
  deniedAttack("a process reads a file in a denied directory", mask, denyPath, (scene) =>
    shellTells(scene, "cat priv/p.txt", scene.secrets.denied),
  ),
  deniedAttack("a process reads a denied file through links and /proc", mask, denyPath, (scene) =>
    shellTells(
      scene,
      "ln -s priv p; cat p/p.txt; cat /proc/self/cwd/priv/p.txt; cat /proc/self/root/$PWD/priv/p.txt",
      scene.secrets.denied,
    ),
  ),
  deniedAttack("a process renames a denied directory and reads it", still, denyPath, (scene) =>
    shellTells(scene, "mv priv other; cat other/p.txt", scene.secrets.denied),
  ),
  deniedAttack(
    "a process renames what is above a denied directory and reads it",
    still,
    entries((place) => [rootRead, workspace("write"), pathEntry(`${place.workspace}/sub/deep`, "deny")]),
    (scene) => shellTells(scene, "mv sub other; cat other/deep/x.env", scene.secrets.env),
  ),
  deniedAttack(
    "a process renames what is above a denied directory; a request then reads it",
    still,
    entries((place) => [rootRead, workspace("write"), pathEntry(`${place.workspace}/sub/deep`, "deny")]),
    async (scene) => {
      await scene.run(["/bin/sh", "-c", "mv sub other"]);
      return reads(scene, "ws/other/deep/x.env", scene.secrets.env);
    },
  ),
  deniedAttack("a process opens up the mode of what is denied", mask, denyPath, (scene) =>
    shellTells(scene, "chmod 777 priv; cat priv/p.txt", scene.secrets.denied),
  ),
  deniedAttack("a process removes a denied directory", mask, denyPath, (scene) =>
    shellDoes(scene, "rm -rf priv", () => !scene.exists("ws/priv/p.txt")),
  ),
  deniedAttack("a process takes the mask away", mask, denyPath, (scene) =>
    shellTells(scene, "umount priv; umount -l priv; cat priv/p.txt", scene.secrets.denied),
  ),
  deniedAttack("a process reads a file that a glob denies", mask, denyGlob, (scene) =>
    shellTells(scene, "cat top.env sub/deep/x.env", scene.secrets.env),
  ),
  deniedAttack("a process moves a file that a glob denies to another name", mask, denyGlob, (scene) =>
    shellTells(scene, "mv top.env other; cat other; mv sub/deep moved; cat moved/x.env", scene.secrets.env),
  ),
  deniedAttack("a process replaces a file that a glob denies", mask, denyGlob, (scene) =>
    shellDoes(scene, "echo evil > n; mv -f n top.env", () => scene.text("ws/top.env") === "evil\n"),
  ),
  deniedAttack("under a writable disk a process reads a denied file", mask, rootWriteDeny, (scene) =>
    shellTells(scene, "cat priv/p.txt; mv priv other; cat other/p.txt", scene.secrets.denied),
  ),
];
