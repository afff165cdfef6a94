import { reads, shellTells, writes } from "../acts.ts";
import { type Attack, type Family, held, type Outcome, through } from "../attack.ts";
import { denyGlob, unconfined, workspaceWrite } from "../profiles.ts";
import type { Scene } from "../scene.ts";

const program = new URL("../probes/folding.py", import.meta.url).pathname;

/** With the workspace on a file system that takes names in whatever case for the same. */
async function folding(scene: Scene, attempt: () => Promise<Outcome>): Promise<Outcome> {
  const words = ["python3", program, scene.workspace, String(scene.uid)];
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
  sign: "/dev/fuse",
  attempt: (scene) => folding(scene, () => more.attempt(scene)),
});

const judged = "where a file system folds case, paths are judged in every spelling";

async function makesMissing(scene: Scene): Promise<Outcome> {
  const made = await scene.call("fs/createDirectory", { path: scene.uri("ws/.CODEX"), recursive: false });
  if (scene.exists("ws/.codex")) return through("a protected name was made");
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
    attempt: (scene) => writes(scene, "ws/.GIT/config", "ws/.git/config"),
  }),
  attack({
    name: "letter case: a missing .codex is made by its name in capitals",
    wall: judged,
    confined: [workspaceWrite],
    allowed: [unconfined],
    attempt: makesMissing,
  }),
];
