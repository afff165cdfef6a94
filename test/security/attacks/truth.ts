import { symlinkSync } from "node:fs";
import { asks, changes, copies, heldBy, makes, newHandle, reads, writes } from "../acts.ts";
import { type Attack, type Family, held, lied, type Outcome } from "../attack.ts";
import {
  alsoForLandlock,
  bothRead,
  minimalWrite,
  type Profile,
  rootWriteDeny,
  unconfined,
  withTemporary,
  workspaceReadOnly,
  workspaceWrite,
} from "../profiles.ts";
import type { Scene } from "../scene.ts";

const truth = "the judge refuses what the host would not have; nothing of a helper's own is ever written";
const patience = "files are opened without waiting and must be regular; every request has a deadline";

const attack = (
  name: string,
  wall: string,
  confined: Profile,
  attempt: (scene: Scene) => Promise<Outcome>,
  allowed: readonly Profile[] = [unconfined],
): Attack => ({ name, wall, confined: alsoForLandlock(confined), allowed, attempt });

/** A file in a directory of this machine that every account may write. */
const lostIn = (
  directory: string,
  view: string,
  confined: Profile,
  allowed: readonly Profile[] = [unconfined],
): Attack =>
  attack(
    `truth: a file written to ${directory} in a ${view} view is lost`,
    truth,
    confined,
    async (scene) => {
      const path = `${directory}/codex-env-${crypto.randomUUID()}`;
      const text = crypto.randomUUID();
      try {
        return await changes(scene, {
          method: "fs/writeFile",
          params: { path: `file://${path}`, dataBase64: Buffer.from(text).toString("base64") },
          happened: () => hostText(path) === text,
        });
      } finally {
        Bun.spawnSync(["/bin/rm", "-f", path]);
      }
    },
    allowed,
  );

function hostText(path: string): string {
  return Bun.spawnSync(["/bin/cat", path]).stdout.toString();
}

const pipeIn = (scene: Scene): void => {
  Bun.spawnSync(["/usr/bin/mkfifo", "-m", "666", scene.path("ws/pipe")]);
};

/** The request was answered, which is the point; in the twin too the next one is served. */
async function nextIsServed(scene: Scene): Promise<Outcome> {
  const next = await reads(scene, "ws/a.txt", scene.secrets.inside);
  if (scene.sandbox === null || next.kind !== "through")
    return next.kind === "held" && !next.refused ? lied("the next is not") : next;
  return held("answered, and the next request is served");
}

export const truthAttacks: Family = [
  lostIn("/tmp", "narrow", workspaceReadOnly, [withTemporary, unconfined]),
  lostIn("/dev/shm", "narrow", minimalWrite),
  lostIn("/dev/shm", "whole", workspaceWrite),
  lostIn("/var/tmp", "narrow", minimalWrite),
  attack("truth: a directory made outside the view is lost", truth, workspaceReadOnly, (scene) =>
    makes(scene, "out/new"),
  ),
  attack("truth: a directory made beside the workspace is lost", truth, minimalWrite, (scene) =>
    makes(scene, "new"),
  ),
  attack("truth: a file copied outside the view is lost", truth, minimalWrite, (scene) =>
    copies(scene, "ws/a.txt", "new", () => scene.text("new") === scene.secrets.inside),
  ),
  attack(
    "truth: blocks written to a new file outside the view are lost",
    truth,
    minimalWrite,
    async (scene) => {
      const handleId = newHandle();
      const opened = await scene.call("fs/open", { handleId, path: scene.uri("out/n.txt"), mode: "replace" });
      if (opened.error) return heldBy(opened.error);
      const chunk = Buffer.from("block").toString("base64");
      const written = await scene.client.call("fs/writeBlock", { handleId, offset: 0, chunk });
      await scene.client.call("fs/close", { handleId });
      if (scene.text("out/n.txt") === "block") return { kind: "through", evidence: "the block is there" };
      return { kind: "lied", what: JSON.stringify(written) };
    },
  ),
  attack(
    "truth: a listing shows placeholders that the host has not",
    truth,
    workspaceWrite,
    async (scene) => {
      await scene.call("fs/writeFile", { path: scene.uri("ws/n.txt"), dataBase64: "" });
      // Without a sandbox there is one to be seen: the twin makes it.
      if (scene.sandbox === null) scene.makeDirectory("ws/.codex");
      return asks(scene, { method: "fs/readDirectory", path: "ws" }, /\.codex|\.agents|\.aws/);
    },
  ),
  attack(
    "truth: the file system's root shows directories that are the helper's own",
    truth,
    minimalWrite,
    (scene) => asks(scene, { method: "fs/readDirectory", path: "" }, /"out"/),
    [unconfined],
  ),
  attack("hang: a pipe that nobody reads is written", patience, workspaceWrite, async (scene) => {
    pipeIn(scene);
    const reader =
      scene.sandbox === null
        ? await scene.background(["/bin/sh", "-c", "echo r; cat pipe; sleep 60"])
        : undefined;
    await reader?.says(/r/);
    await scene.call("fs/writeFile", { path: scene.uri("ws/pipe"), dataBase64: "eHl6" });
    return nextIsServed(scene);
  }),
  attack("hang: a pipe that nobody writes is read", patience, workspaceWrite, async (scene) => {
    pipeIn(scene);
    await scene.call("fs/readFile", { path: scene.uri("ws/pipe") });
    return nextIsServed(scene);
  }),
  attack("hang: a pipe that nobody writes is opened", patience, minimalWrite, async (scene) => {
    pipeIn(scene);
    await scene.call("fs/open", { handleId: "p", path: scene.uri("ws/pipe") });
    return nextIsServed(scene);
  }),
  attack("hang: a pipe is copied, alone and in a tree", patience, minimalWrite, async (scene) => {
    pipeIn(scene);
    for (const from of ["ws/pipe", "ws"])
      await scene.call("fs/copy", {
        sourcePath: scene.uri(from),
        destinationPath: scene.uri("ws/sub/copy"),
        recursive: true,
      });
    return nextIsServed(scene);
  }),
  attack("hang: a device without end is read", patience, rootWriteDeny, async (scene) => {
    await scene.call("fs/readFile", { path: "file:///dev/zero" });
    return nextIsServed(scene);
  }),
  attack(
    "hang: links that lead in a circle are read, listed and walked",
    patience,
    workspaceReadOnly,
    async (scene) => {
      scene.symlink("two", "ws/one");
      scene.symlink("one", "ws/two");
      scene.symlink(".", "ws/sub/self");
      const options = { maxDepth: 20, maxDirectories: 1000, maxEntries: 1000, followDirectorySymlinks: true };
      await scene.call("fs/readFile", { path: scene.uri("ws/one") });
      await scene.call("fs/readDirectory", { path: scene.uri(`ws/sub${"/self".repeat(60)}`) });
      await scene.call("fs/walk", { path: scene.uri("ws"), options });
      return nextIsServed(scene);
    },
  ),
  attack(
    "hang: a directory of 2,000 links to the outside is listed and walked",
    patience,
    minimalWrite,
    async (scene) => {
      scene.makeDirectory("ws/many");
      for (let i = 0; i < 2000; i++) symlinkSync("../../out", scene.path(`ws/many/${i}`));
      const options = {
        maxDepth: 4,
        maxDirectories: 10000,
        maxEntries: 50000,
        followDirectorySymlinks: true,
      };
      const listed = await asks(scene, { method: "fs/readDirectory", path: "ws/many/1999" }, /o\.txt/);
      const walked = await asks(scene, { method: "fs/walk", path: "ws/many", more: { options } }, /o\.txt/);
      return listed.kind === "held" ? walked : listed;
    },
    [bothRead, unconfined],
  ),
  attack(
    "truth: an error of the helper names a file that the caller may not know of",
    truth,
    minimalWrite,
    async (scene) => {
      scene.symlink("../out/o.txt", "ws/link");
      const reply = await scene.call("fs/canonicalize", { path: scene.uri("ws/link") });
      return JSON.stringify(reply).includes("out/o.txt")
        ? { kind: "through", evidence: JSON.stringify(reply) }
        : { kind: "held", how: JSON.stringify(reply.error) };
    },
  ),
  attack(
    "truth: whether a file outside exists can be told by the errors of two names",
    truth,
    minimalWrite,
    async (scene) => {
      const of = async (name: string) => {
        const reply = await scene.call("fs/getMetadata", { path: scene.uri(name) });
        return `${reply.error?.code} ${reply.error?.message}`;
      };
      return (await of("out/o.txt")) === (await of("out/nothing.txt"))
        ? { kind: "held", how: "both names have the same error" }
        : { kind: "through", evidence: "the errors differ" };
    },
  ),
  attack("truth: a request that fails spoils the next one", truth, minimalWrite, async (scene) => {
    await reads(scene, "out/o.txt", "");
    const after = await writes(scene, "ws/a.txt");
    if (scene.sandbox === null || (after.kind === "held" && after.refused)) return after;
    return after.kind === "through" ? held("the next request is served") : lied("it is not");
  }),
];
