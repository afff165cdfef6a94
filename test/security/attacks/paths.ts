import { asks, copies, heldBy, makes, newHandle, reads, readsBlock, removes, writes } from "../acts.ts";
import type { Attack, Family, Outcome } from "../attack.ts";
import {
  alsoForLandlock,
  bothRead,
  bothWrite,
  minimalWrite,
  unconfined,
  workspaceReadOnly,
  workspaceWrite,
} from "../profiles.ts";
import type { Scene } from "../scene.ts";

type Attempt = (scene: Scene) => Promise<Outcome>;

const view =
  "the view of the helper ends at what the profile reads; the judge resolves every component itself";
const bound = "the judge finds the real path outside every writable root; the mount there is read-only";

const seeing = (name: string, attempt: Attempt): Attack => ({
  name: `fs: ${name}`,
  wall: view,
  confined: [...alsoForLandlock(minimalWrite), workspaceReadOnly],
  allowed: [bothRead, unconfined],
  attempt,
});
const touching = (name: string, attempt: Attempt): Attack => ({
  name: `fs: ${name}`,
  wall: bound,
  confined: alsoForLandlock(workspaceWrite),
  allowed: [bothWrite, unconfined],
  attempt,
});
const secret = (scene: Scene) => scene.secrets.outside;
const readingOutside = (where: string) => (scene: Scene) => reads(scene, where, secret(scene));

/** A link in the workspace, then a file read through it. */
const readingThrough = (target: (scene: Scene) => string, where: string) => (scene: Scene) => {
  scene.symlink(target(scene), "ws/link");
  return reads(scene, where, secret(scene));
};

const seeings: Family = [
  seeing("a file outside is read by its own name", readingOutside("out/o.txt")),
  seeing("a file outside is read through dots", (scene) =>
    reads(scene, `${scene.uri("ws")}/sub/../../out/o.txt`, secret(scene)),
  ),
  seeing("a file outside is read through encoded dots", (scene) =>
    reads(scene, `${scene.uri("ws")}/%2e%2e/out/o.txt`, secret(scene)),
  ),
  seeing("a file outside is read through an encoded slash", (scene) =>
    reads(scene, `${scene.uri("ws")}/..%2Fout%2Fo.txt`, secret(scene)),
  ),
  seeing("a file outside is read through doubled slashes and a single dot", (scene) =>
    reads(scene, `file://${scene.directory}//./out/.//o.txt`, secret(scene)),
  ),
  seeing(
    "a file outside is read by a link to it",
    readingThrough((scene) => scene.path("out/o.txt"), "ws/link"),
  ),
  seeing(
    "a file outside is read by a relative link",
    readingThrough(() => "../out/o.txt", "ws/link"),
  ),
  seeing(
    "a file outside is read through a linked directory",
    readingThrough(() => "../out", "ws/link/o.txt"),
  ),
  seeing("a file outside is read through a chain of links", (scene) => {
    scene.symlink("../out", "ws/one");
    scene.symlink("one", "ws/two");
    scene.symlink("../two/o.txt", "ws/sub/three");
    return reads(scene, "ws/sub/three", secret(scene));
  }),
  seeing("a file outside is read through a link that climbs above the root and comes down again", (scene) => {
    scene.symlink(`${"../".repeat(40)}${scene.path("out/o.txt").slice(1)}`, "ws/link");
    return reads(scene, "ws/link", secret(scene));
  }),
  seeing("a file outside is read through /proc/self/root", (scene) =>
    reads(scene, `file:///proc/self/root${scene.path("out/o.txt")}`, secret(scene)),
  ),
  seeing("a file outside is read by a link to /proc/self/root", (scene) => {
    scene.symlink("/proc/self/root", "ws/link");
    return reads(scene, `ws/link${scene.path("out/o.txt")}`, secret(scene));
  }),
  seeing("a file outside is read through /proc/thread-self/root", (scene) =>
    reads(scene, `file:///proc/thread-self/root${scene.path("out/o.txt")}`, secret(scene)),
  ),
  seeing("a file outside is read through the server's root in /proc", (scene) =>
    reads(scene, `file:///proc/${scene.attacked.server.pid}/root${scene.path("out/o.txt")}`, secret(scene)),
  ),
  seeing("a file outside is read through the server's working directory in /proc", (scene) =>
    reads(scene, `file:///proc/${scene.attacked.server.pid}/cwd${scene.path("out/o.txt")}`, secret(scene)),
  ),
  seeing("a file that another process has open is read through its descriptor in /proc", async (scene) => {
    const holder = await scene.background([
      "/bin/sh",
      "-c",
      `exec 7< ${scene.path("out/o.txt")}; echo $$; sleep 60`,
    ]);
    const [, pid] = await holder.says(/^(\d+)\n/);
    return reads(scene, `file:///proc/${pid}/fd/7`, secret(scene));
  }),
  seeing("a block of a file outside is read", (scene) => readsBlock(scene, "out/o.txt", secret(scene))),
  seeing("a block of a file outside is read by a link", (scene) => {
    scene.symlink("../out/o.txt", "ws/link");
    return readsBlock(scene, "ws/link", secret(scene));
  }),
  seeing("the size of a file outside is asked for", (scene) =>
    asks(scene, { method: "fs/getMetadata", path: "out/o.txt" }, /"size":/),
  ),
  seeing("the size of a file outside is asked for by a link", (scene) => {
    scene.symlink("../out/o.txt", "ws/link");
    return asks(
      scene,
      { method: "fs/getMetadata", path: "ws/link" },
      new RegExp(`"size":${secret(scene).length}\\b`),
    );
  }),
  seeing("a file outside is resolved", (scene) =>
    asks(scene, { method: "fs/canonicalize", path: "out/o.txt" }, /o\.txt/),
  ),
  seeing("a link outside is resolved: where it leads is a secret of the outside", (scene) => {
    scene.symlink("/etc/hostname-of-a-secret", "out/pointer");
    scene.symlink("o.txt", "out/good-pointer");
    return asks(scene, { method: "fs/canonicalize", path: "out/good-pointer" }, /o\.txt/);
  }),
  seeing("a directory outside is listed", (scene) =>
    asks(scene, { method: "fs/readDirectory", path: "out" }, /o\.txt/),
  ),
  seeing("a directory outside is listed by a link", (scene) => {
    scene.symlink("../out", "ws/link");
    return asks(scene, { method: "fs/readDirectory", path: "ws/link" }, /o\.txt/);
  }),
  seeing("the parent of the workspace is listed", (scene) => {
    scene.write("out-of-sight.txt", "");
    scene.symlink("..", "ws/link");
    return asks(scene, { method: "fs/readDirectory", path: "ws/link" }, /"out"/);
  }),
  seeing("a walk follows a link outside", (scene) => {
    scene.symlink("../out", "ws/link");
    const options = { maxDepth: 4, maxDirectories: 100, maxEntries: 100, followDirectorySymlinks: true };
    return asks(scene, { method: "fs/walk", path: "ws", more: { options } }, /o\.txt/);
  }),
  seeing("a walk starts outside", (scene) => {
    const options = { maxDepth: 4, maxDirectories: 100, maxEntries: 100, followDirectorySymlinks: false };
    return asks(scene, { method: "fs/walk", path: "out", more: { options } }, /o\.txt/);
  }),
  seeing("a file outside is copied into the workspace", (scene) =>
    copies(scene, "out/o.txt", "ws/copy", () => scene.text("ws/copy") === secret(scene)),
  ),
  seeing("a directory outside is copied into the workspace", (scene) =>
    copies(scene, "out", "ws/copy", () => scene.text("ws/copy/o.txt") === secret(scene)),
  ),
  seeing("a directory outside is copied into the workspace through a linked parent", (scene) => {
    scene.symlink("..", "ws/link");
    return copies(scene, "ws/link/out", "ws/copy", () => scene.text("ws/copy/o.txt") === secret(scene));
  }),
];

const touchings: Family = [
  touching("a file outside is written by its own name", (scene) => writes(scene, "out/n.txt")),
  touching("an existing file outside is overwritten", (scene) => writes(scene, "out/o.txt")),
  touching("a file outside is written through dots", (scene) =>
    writes(scene, `${scene.uri("ws")}/sub/../../out/n.txt`, "out/n.txt"),
  ),
  touching("a file outside is written by a link", (scene) => {
    scene.symlink("../out/o.txt", "ws/link");
    return writes(scene, "ws/link", "out/o.txt");
  }),
  touching("a file outside is made by a dangling link", (scene) => {
    scene.symlink("../out/n.txt", "ws/link");
    return writes(scene, "ws/link", "out/n.txt");
  }),
  touching("a file outside is written through a linked directory", (scene) => {
    scene.symlink("../out", "ws/link");
    return writes(scene, "ws/link/n.txt", "out/n.txt");
  }),
  touching("a file outside is written through /proc/self/root", (scene) =>
    writes(scene, `file:///proc/self/root${scene.path("out/n.txt")}`, "out/n.txt"),
  ),
  touching("a file outside is written through the server's root in /proc", (scene) =>
    writes(scene, `file:///proc/${scene.attacked.server.pid}/root${scene.path("out/n.txt")}`, "out/n.txt"),
  ),
  touching(
    "a file that another process has open for writing is written through its descriptor",
    async (scene) => {
      const holder = await scene.background([
        "/bin/sh",
        "-c",
        `exec 7>> ${scene.path("out/o.txt")}; echo $$; sleep 60`,
      ]);
      const [, pid] = await holder.says(/^(\d+)\n/);
      return writes(scene, `file:///proc/${pid}/fd/7`, "out/o.txt");
    },
  ),
  touching("a directory is made outside", (scene) => makes(scene, "out/new")),
  touching("a directory is made outside through a link", (scene) => {
    scene.symlink("../out", "ws/link");
    return makes(scene, "ws/link/new/deep", "out/new/deep");
  }),
  touching("a file outside is removed", (scene) => removes(scene, "out/o.txt")),
  touching("a file outside is removed through a linked directory", (scene) => {
    scene.symlink("../out", "ws/link");
    return removes(scene, "ws/link/o.txt", "out/o.txt");
  }),
  touching("a directory outside is removed through a linked parent", (scene) => {
    scene.symlink("..", "ws/link");
    return removes(scene, "ws/link/out", "out/o.txt");
  }),
  touching("a file is copied to the outside", (scene) =>
    copies(scene, "ws/a.txt", "out/n.txt", () => scene.exists("out/n.txt")),
  ),
  touching("a file is copied over a file outside", (scene) =>
    copies(scene, "ws/a.txt", "out/o.txt", () => scene.text("out/o.txt") === scene.secrets.inside),
  ),
  touching("a file is copied to the outside through a linked directory", (scene) => {
    scene.symlink("../out", "ws/link");
    return copies(scene, "ws/a.txt", "ws/link/n.txt", () => scene.exists("out/n.txt"));
  }),
  touching("a directory is copied to the outside", (scene) =>
    copies(scene, "ws/priv", "out/new", () => scene.exists("out/new/p.txt")),
  ),
  touching("a file outside is opened for replacement: that alone would empty it", async (scene) => {
    const handleId = newHandle();
    const reply = await scene.call("fs/open", { handleId, path: scene.uri("out/o.txt"), mode: "replace" });
    await scene.client.call("fs/close", { handleId });
    if (scene.text("out/o.txt") === "") return { kind: "through", evidence: "the file is empty" };
    return reply.error ? heldBy(reply.error) : { kind: "lied", what: "opened, and the file is as it was" };
  }),
];

export const pathAttacks: Family = [...seeings, ...touchings];
