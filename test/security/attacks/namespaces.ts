import type { Family } from "../attack.ts";
import { calls } from "../kernel-call.ts";
import { probe, probes } from "../probe.ts";

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

export const namespaceAttacks: Family = [
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
];
