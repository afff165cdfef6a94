import { judged, shellDoes } from "../acts.ts";
import type { Family, Outcome } from "../attack.ts";
import { calls, opened } from "../kernel-call.ts";
import { probe, probes } from "../probe.ts";
import { diskIsWorkspace, fullDisk, strong, unconfined, workspaceWrite } from "../profiles.ts";
import type { Scene } from "../scene.ts";

export const systemAttacks: Family = [
  opened(
    "the pattern of core dumps is written, which the host's root would run",
    "open_for_writing",
    "/proc/sys/kernel/core_pattern",
  ),
  opened("a setting of the kernel is written", "open_for_writing", "/proc/sys/kernel/printk"),
  opened(
    "a setting of the kernel is written where the whole disk is the workspace",
    "open_for_writing",
    "/proc/sys/kernel/printk",
    [diskIsWorkspace],
  ),
  opened(
    "a setting under /sys is written where the whole disk is the workspace",
    "open_for_writing",
    "/sys/kernel/profiling",
    [diskIsWorkspace],
  ),
  calls({
    name: "a user namespace is made where the whole disk is the workspace",
    call: "unshare",
    args: () => ["user"],
    ofRoot: true,
    confined: [diskIsWorkspace],
  }),
  opened(
    "a setting of the kernel is written where only the network is restricted",
    "open_for_writing",
    "/proc/sys/kernel/printk",
    [fullDisk, workspaceWrite],
  ),
  opened("the machine's emergency keys are opened", "open_for_writing", "/proc/sysrq-trigger"),
  opened("a setting under /sys is written", "open_for_writing", "/sys/kernel/profiling"),
  opened("the kernel's memory is opened", "open_for_reading", "/dev/mem"),
  {
    name: "kernel: the process has a right, may get new ones, or no filter",
    wall: "capabilities dropped, no_new_privs, a filter",
    confined: strong,
    allowed: [unconfined],
    attempt: (scene) => probes(scene, probe("kernel", "standing")),
  },
  {
    name: "kernel: the process has a right, may get new ones, or no filter, though it may write every file",
    wall: "capabilities dropped, no_new_privs, a filter",
    confined: [fullDisk],
    allowed: [unconfined],
    attempt: (scene) => probes(scene, probe("kernel", "standing")),
  },
  {
    name: "kernel: a program of root's gives its rights to who starts it",
    setByRoot: true,
    wall: "no_new_privs",
    confined: strong,
    allowed: [unconfined],
    attempt: async (scene) => {
      // A copy of `id` that belongs to root.
      const copy = 'cp /usr/bin/id "$1" && chown 0:0 "$1" && chmod 4755 "$1"';
      Bun.spawnSync(["/bin/sh", "-c", copy, "sh", scene.path("ws/sub/as-root")]);
      const ran = await scene.run([scene.path("ws/sub/as-root")]);
      if (scene.isRoot)
        return scene.sandbox === null
          ? { kind: "through", evidence: "it is root already" }
          : { kind: "held", how: ran.output };
      return judged(ran, ({ output }) => (/euid=0/.test(output) ? output : undefined));
    },
  },
  {
    name: "kernel: a file is made anywhere but in the workspace",
    wall: "everything is mounted read-only but the writable roots",
    confined: strong,
    allowed: [unconfined],
    attempt: (scene) => anywhere(scene),
  },
  {
    name: "kernel: a file outside is written by a process",
    wall: "everything is mounted read-only but the writable roots",
    confined: strong,
    allowed: [unconfined],
    attempt: (scene) =>
      shellDoes(
        scene,
        "echo x > ../out/n.txt; ln -s ../out o; echo x > o/n.txt; echo x > /proc/self/cwd/../out/n.txt; cp a.txt ../out/n.txt; mv a.txt ../out/n.txt",
        () => scene.exists("out/n.txt"),
      ),
  },
  {
    name: "kernel: a process with a writable disk and no network still has the host's rights",
    wall: "all namespaces and no capability, whatever the files",
    confined: [fullDisk],
    allowed: [unconfined],
    attempt: (scene) => probes(scene, probe("kernel", "unshare", "user")),
  },
];

/** /dev is a new one in bubblewrap: what may be written there is not the host's. */
async function anywhere(scene: Scene): Promise<Outcome> {
  const hidden = scene.attacked.surroundings.mechanism === "bubblewrap" ? ["/dev"] : [];
  return probes(scene, probe("kernel", "write_everywhere", scene.workspace, "/proc", ...hidden));
}
