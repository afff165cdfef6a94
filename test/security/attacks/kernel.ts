import { judged, shellDoes } from "../acts.ts";
import type { Attack, Family, Outcome } from "../attack.ts";
import { probe, probes } from "../probe.ts";
import {
  diskIsWorkspace,
  fullDisk,
  networked,
  networkedReadOnly,
  type Profile,
  strong,
  unconfined,
  workspaceWrite,
} from "../profiles.ts";
import type { Scene } from "../scene.ts";

const filter = "the filter refuses the call";
interface Call {
  readonly name: string;
  readonly call: string;
  readonly args?: (scene: Scene) => readonly (string | number)[];
  readonly wall?: string;
  /** Only root may do it at all. */
  readonly ofRoot?: boolean;
  readonly confined?: readonly Profile[];
  /** A file that this kernel shows when it has the thing at all. */
  readonly sign?: string;
}

const calls = ({
  name,
  call,
  args = () => [],
  wall = filter,
  ofRoot = false,
  confined = strong,
  sign,
}: Call): Attack => ({
  name: `kernel: ${name}`,
  wall,
  confined,
  allowed: [unconfined],
  ...(ofRoot ? { twinOfRoot: true } : {}),
  ...(sign === undefined ? {} : { sign }),
  attempt: (scene) => probes(scene, probe("kernel", call, ...args(scene))),
});

/** No namespace of any kind, by either call; clone3 cannot be looked into, and is not there. */
const namespaces: Family = ["user", "mount", "pid", "net", "uts", "ipc", "cgroup"].flatMap((kind) => [
  calls({
    name: `a ${kind} namespace is made by unshare`,
    call: "unshare",
    args: () => [kind],
    ofRoot: true,
  }),
  calls({
    name: `a ${kind} namespace is made by clone`,
    call: "clone_into",
    args: () => [kind],
    ofRoot: true,
  }),
]);

const opened = (
  name: string,
  call: "open_for_writing" | "open_for_reading",
  path: string,
  confined = strong,
): Attack =>
  calls({
    name,
    call,
    args: () => [path],
    wall: "system files are read-only or not there, and their owner is another",
    ofRoot: true,
    confined,
    sign: path,
  });

const terminal = (name: string, call: string): Attack => ({
  name: `kernel: ${name}`,
  wall: filter,
  confined: strong,
  allowed: [unconfined],
  attempt: (scene) => probes(scene, probe("kernel", call), { tty: true }),
});

export const kernelAttacks: Family = [
  ...namespaces,
  calls({
    name: "a user namespace is made by clone3",
    call: "clone3_into",
    args: () => ["user"],
    ofRoot: true,
  }),
  calls({
    name: "one's own mount namespace is entered",
    call: "enter",
    args: () => ["/proc/self/ns/mnt"],
    ofRoot: true,
  }),
  calls({ name: "a file system is mounted", call: "mount", ofRoot: true }),
  {
    ...calls({
      name: "the workspace is remounted",
      call: "remount_writable",
      args: (scene) => [scene.outside],
    }),
    attempt: (scene) =>
      scene.sandbox === null
        ? // A remount of nothing that is mounted is refused by the kernel itself: that it looks is enough.
          probes(scene, probe("kernel", "mount"))
        : probes(scene, probe("kernel", "remount_writable", "/")),
    twinOfRoot: true,
  },
  calls({
    name: "a mount is taken away",
    call: "unmount",
    args: (scene) => [`${scene.workspace}/.git`],
    ofRoot: true,
  }),
  calls({ name: "the root is changed", call: "change_root", args: () => ["/nowhere"], ofRoot: true }),
  calls({ name: "the root is exchanged", call: "pivot", ofRoot: true }),
  calls({
    name: "a tree of mounts is opened and copied",
    call: "open_tree",
    args: () => ["/"],
    ofRoot: true,
  }),
  calls({ name: "a mount is moved", call: "move_mount", ofRoot: true }),
  calls({ name: "a file system is opened", call: "new_file_system", ofRoot: true }),
  calls({ name: "a file system is configured", call: "configure_file_system", ofRoot: true }),
  calls({ name: "an opened file system is mounted", call: "mount_file_system", ofRoot: true }),
  calls({ name: "a mounted file system is picked", call: "pick_file_system", ofRoot: true }),
  calls({ name: "the attributes of a mount are set", call: "mount_attributes", ofRoot: true }),
  calls({ name: "a program is loaded into the kernel", call: "bpf", ofRoot: true }),
  calls({ name: "events of the processor are opened", call: "performance_event", ofRoot: true }),
  calls({ name: "page faults are taken over", call: "user_fault" }),
  calls({ name: "a ring is set up that does calls unseen", call: "io_uring" }),
  calls({
    name: "a ring is set up under an open network",
    call: "io_uring",
    confined: [networked, networkedReadOnly],
  }),
  calls({ name: "a key is added to the session's keyring", call: "add_key" }),
  calls({ name: "the session's keyring is looked at", call: "session_keyring" }),
  {
    ...calls({ name: "a key of the host is found and read", call: "find_key" }),
    attempt: async (scene) => {
      const name = `codex-env-${crypto.randomUUID()}`;
      const keeping = probe("kernel", "put_key", name, scene.secrets.outside);
      const keeper = await scene.background(keeping, { pipeStdin: true });
      await keeper.says(/READY/);
      const outcome = await probes(scene, probe("kernel", "find_key", name));
      await keeper.write("\n");
      await keeper.says(/REMOVED/);
      return outcome;
    },
  },
  calls({ name: "a kernel module is loaded", call: "load_module", ofRoot: true, sign: "/proc/modules" }),
  calls({ name: "a kernel module is removed", call: "delete_module", ofRoot: true, sign: "/proc/modules" }),
  calls({
    name: "another kernel is loaded",
    call: "load_kernel",
    ofRoot: true,
    sign: "/sys/kernel/kexec_loaded",
  }),
  calls({ name: "the machine is restarted", call: "reboot", ofRoot: true }),
  calls({ name: "swap is put on", call: "swap_on", ofRoot: true }),
  calls({ name: "quotas are set", call: "quota" }),
  calls({ name: "the clock is set", call: "set_clock", wall: "no right to it", ofRoot: true }),
  calls({ name: "the kernel's log is read", call: "kernel_log", wall: "no right to it", ofRoot: true }),
  calls({
    name: "a file outside is opened by its handle",
    call: "by_handle",
    args: (scene) => [scene.path("out/o.txt")],
    ofRoot: true,
  }),
  calls({
    name: "the root of a file system is opened by a guessed handle",
    call: "by_guessed_handle",
    ofRoot: true,
  }),
  calls({ name: "a call is made by the 32 bit table", call: "old_numbers" }),
  calls({ name: "the name of the machine is set", call: "host_name", ofRoot: true }),
  calls({
    name: "a device is made",
    call: "make_device",
    args: (scene) => [`${scene.workspace}/device`],
    wall: "no right to it",
    ofRoot: true,
  }),
  terminal("a character is typed into the terminal for whoever reads it next", "type_into_terminal"),
  {
    ...calls({
      name: "a shared memory of the host is attached",
      call: "shared_memory",
      wall: "namespaces of its own",
    }),
    attempt: async (scene) => {
      const key = 1 + Math.floor(Math.random() * 2 ** 30);
      const keeper = await scene.background(probe("kernel", "make_shared_memory", key), { pipeStdin: true });
      await keeper.says(/READY/);
      const outcome = await probes(scene, probe("kernel", "shared_memory", key));
      await keeper.write("\n");
      await keeper.says(/REMOVED/);
      return outcome;
    },
  },
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
