import { existsSync, readFileSync } from "node:fs";
import { reads, shellTells } from "../acts.ts";
import { type Attack, type Family, held, type Outcome, through } from "../attack.ts";
import { denyGlob, unconfined, workspaceWrite } from "../profiles.ts";
import type { Scene } from "../scene.ts";
import { mountCommand } from "../surroundings.ts";

const program = new URL("../probes/folding.py", import.meta.url).pathname;

/** With the workspace on a file system that takes names in whatever case for the same. */
async function folding(scene: Scene, attempt: () => Promise<Outcome>): Promise<Outcome> {
  const words = mountCommand(scene.attacked, "python3", program, scene.workspace, String(scene.uid));
  await using served = Bun.spawn(words, { stdin: "pipe", stdout: "pipe", stderr: "inherit" });
  try {
    if (!(await says(served.stdout, "mounted\n"))) throw new Error("nothing was mounted");
    return await attempt();
  } finally {
    served.stdin.end();
    await served.exited;
  }
}

async function says(output: ReadableStream<Uint8Array>, word: string): Promise<boolean> {
  let said = "";
  const decoder = new TextDecoder();
  for await (const bytes of output) {
    said += decoder.decode(bytes);
    if (said.includes(word)) return true;
  }
  return false;
}

const attack = (more: Pick<Attack, "name" | "wall" | "confined" | "allowed" | "attempt">): Attack => ({
  ...more,
  setByRoot: true,
  alone: true,
  sign: "/dev/fuse",
  attempt: (scene) => folding(scene, () => more.attempt(scene)),
});

const judged = "where a file system folds case, paths are judged in every spelling";

/** What the server finds in the workspace: nobody else sees that file system. */
const seen = (scene: Scene, name: string): string =>
  `/proc/${scene.attacked.server.pid}/root${scene.path(name)}`;

async function writesConfig(scene: Scene): Promise<Outcome> {
  const dataBase64 = Buffer.from("evil").toString("base64");
  const written = await scene.call("fs/writeFile", { path: scene.uri("ws/.GIT/config"), dataBase64 });
  if (readFileSync(seen(scene, "ws/.git/config"), "utf8") === "evil") return through("it was written");
  return held(written.error?.message ?? "it was answered and not written");
}

async function makesMissing(scene: Scene): Promise<Outcome> {
  const made = await scene.call("fs/createDirectory", { path: scene.uri("ws/.CODEX"), recursive: false });
  if (existsSync(seen(scene, "ws/.codex"))) return through("a protected name was made");
  return held(made.error?.message ?? "it was answered and not made");
}

/** A file system in whose names capitals mean nothing, as those of Windows and macOS are. */
export const letterCaseAttacks: Family = [
  attack({
    name: "letter case: a file that a glob denies is read by its name in capitals",
    wall: judged,
    confined: [denyGlob],
    allowed: [workspaceWrite, unconfined],
    attempt: (scene) => reads(scene, "ws/TOP.ENV", scene.secrets.env),
  }),
  attack({
    name: "letter case: a process reads a file that a glob denies by its name in capitals",
    wall: "a mask on a file that has other names is refused",
    confined: [denyGlob],
    allowed: [workspaceWrite, unconfined],
    attempt: (scene) => shellTells(scene, "cat TOP.ENV", scene.secrets.env),
  }),
  attack({
    name: "letter case: a file of .git is written by its name in capitals",
    wall: judged,
    confined: [workspaceWrite],
    allowed: [unconfined],
    attempt: writesConfig,
  }),
  attack({
    name: "letter case: a missing .codex is made by its name in capitals",
    wall: judged,
    confined: [workspaceWrite],
    allowed: [unconfined],
    attempt: makesMissing,
  }),
];
