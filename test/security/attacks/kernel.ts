import type { Attack, Family } from "../attack.ts";
import { calls, filter } from "../kernel-call.ts";
import { probe, probes } from "../probe.ts";
import { networked, networkedReadOnly, strong, unconfined } from "../profiles.ts";

const terminal = (name: string, call: string): Attack => ({
  name: `kernel: ${name}`,
  wall: filter,
  confined: strong,
  allowed: [unconfined],
  attempt: (scene) => probes(scene, probe("kernel", call), { tty: true }),
});

export const kernelAttacks: Family = [
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
];
