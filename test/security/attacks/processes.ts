import { reads, shellTells } from "../acts.ts";
import { type Attack, type Family, held, type Outcome, through } from "../attack.ts";
import { probe, probes } from "../probe.ts";
import {
  type Profile,
  readOnly,
  strong,
  unconfined,
  workspaceReadOnly,
  workspaceWrite,
} from "../profiles.ts";
import type { Scene } from "../scene.ts";
import { type Victim, victimOf } from "../victim.ts";

const apart = "a process namespace of its own, in which nothing of the host is";
const filter = "the filter refuses the call";

interface AgainstVictim {
  readonly name: string;
  readonly wall?: string;
  readonly argv: (victim: Victim, scene: Scene) => readonly string[];
}

/** Through when the probe says so, or the victim tells that it was hit. */
const against = ({ name, wall = apart, argv }: AgainstVictim): Attack => ({
  name: `process: ${name}`,
  wall,
  confined: strong,
  allowed: [unconfined],
  attempt: async (scene) => {
    const victim = await victimOf(scene);
    const outcome = await probes(scene, argv(victim, scene));
    const hit = await victim.hit();
    return hit === undefined ? outcome : through(hit);
  },
});

const on = (name: string, call: string, wall?: string): Attack =>
  against({
    name,
    ...(wall === undefined ? {} : { wall }),
    argv: ({ pid }) => probe("processes", call, pid),
  });

const alone = (
  name: string,
  wall: string,
  call: string,
  allowed: readonly Profile[] = [unconfined],
): Attack => ({
  name: `process: ${name}`,
  wall,
  confined: strong,
  allowed,
  attempt: (scene) => probes(scene, probe("processes", call)),
});

const inProc = (name: string, what: string): Attack => ({
  name: `process: ${name}`,
  wall: apart,
  confined: strong,
  allowed: [unconfined],
  attempt: async (scene) => {
    const { pid } = await victimOf(scene);
    return shellTells(scene, `tr '\\0' '\\n' < /proc/${pid}/${what}`, scene.secrets.outside);
  },
});

/** What a file request may see of other processes, the server's included. */
const request = (
  name: string,
  path: (scene: Scene) => Promise<string>,
  secret: (scene: Scene) => string,
): Attack => ({
  name: `process: ${name}`,
  wall: "the helper has a process namespace and a /proc of its own",
  confined: [workspaceWrite, workspaceReadOnly],
  allowed: [unconfined],
  attempt: async (scene) => {
    // Whoever may read the whole disk needs no helper for it: a denied path makes the view a restricted one.
    const permissions = Object(scene.sandbox?.["permissions"]);
    const entries = permissions.file_system?.entries ?? [];
    const denied = { path: { type: "path", path: scene.uri("ws/priv") }, access: "deny" };
    if (scene.sandbox !== null)
      scene.sandbox = {
        ...scene.sandbox,
        permissions: { ...permissions, file_system: { type: "restricted", entries: [...entries, denied] } },
      };
    return reads(scene, `file://${await path(scene)}`, secret(scene));
  },
});

export const processAttacks: Family = [
  on("a signal is sent to a process of the host", "kill"),
  on("a process of the host is looked for by a signal 0", "kill_zero"),
  on("a signal is sent to a thread of the host", "thread_kill"),
  on("a signal with a value is queued for a process of the host", "queue_signal"),
  on("a signal is sent to a process group of the host", "kill_group"),
  on("a signal is sent by a descriptor of a process of the host", "pidfd_signal"),
  on(
    "a signal is sent by the kernel, for a socket that was given to a process of the host",
    "signal_by_descriptor",
  ),
  against({
    name: "a descriptor is taken out of a process of the host",
    argv: ({ pid, descriptor }) => probe("processes", "pidfd_getfd", pid, descriptor),
  }),
  alone("a descriptor is taken out of a process, one's own", filter, "own_pidfd_getfd"),
  on("a process of the host is traced", "attach"),
  on("a process of the host is seized", "seize"),
  alone("a child has itself traced", filter, "trace_me"),
  against({
    name: "the memory of a process of the host is read",
    argv: ({ pid, address }, scene) => probe("processes", "read_memory", pid, address, scene.secrets.outside),
  }),
  against({
    name: "the memory of a process of the host is written",
    argv: ({ pid, address }) => probe("processes", "write_memory", pid, address),
  }),
  alone("the memory of a child is read by process_vm_readv", filter, "own_memory"),
  against({
    name: "the memory of a process of the host is read through /proc",
    argv: ({ pid, address }, scene) => probe("processes", "proc_memory", pid, address, scene.secrets.outside),
  }),
  on("resources are compared with those of a process of the host", "same_resource"),
  on("the priority of a process of the host is set", "lower_priority"),
  on("a process of the host is bound to a core", "bind_to_core"),
  on("a limit of a process of the host is set", "set_limit"),
  inProc("the environment of a process of the host is read", "environ"),
  { ...inProc("the command line of a process of the host is read", "cmdline"), needsNamespaces: true },
  {
    name: "process: a file outside is read through the root of a process of the host",
    wall: apart,
    confined: [workspaceReadOnly, readOnly].map((profile) => (place) => withMinimal(profile(place))),
    allowed: [unconfined],
    attempt: async (scene) => {
      const { pid } = await victimOf(scene);
      return shellTells(scene, `cat /proc/${pid}/root${scene.path("out/o.txt")}`, scene.secrets.outside);
    },
  },
  {
    name: "process: the processes of the host are listed",
    needsNamespaces: true,
    wall: apart,
    confined: strong,
    allowed: [unconfined],
    attempt: async (scene) => {
      const { pid } = await victimOf(scene);
      const ran = await scene.run(probe("processes", "process_names"));
      if (ran.refused !== undefined) return { kind: "held", how: ran.refused, refused: true };
      return ran.output.split(/\s/).includes(pid) || ran.output.includes(scene.secrets.outside)
        ? through("the victim is in the list")
        : held(`it sees ${ran.output.split("\n")[0]}`);
    },
  },
  request(
    "the environment of the server is read by a file request",
    async (scene) => `/proc/${scene.attacked.server.pid}/environ`,
    () => "server-secret-of-the-environment",
  ),
  request(
    "the environment of a process of the host is read by a file request",
    async (scene) => `/proc/${(await victimOf(scene)).pid}/environ`,
    (scene) => scene.secrets.outside,
  ),
  request(
    "the command line of a process of the host is read by a file request",
    async (scene) => `/proc/${(await victimOf(scene)).pid}/cmdline`,
    (scene) => scene.secrets.outside,
  ),
  {
    name: "process: everything that can be signalled is killed",
    wall: apart,
    confined: strong,
    allowed: [unconfined],
    attempt: async (scene) => {
      const victim = await scene.background(["/bin/sh", "-c", "echo $$; exec sleep 60"]);
      const [, pid] = await victim.says(/(\d+)\n/);
      // Without a sandbox that would be the whole machine: the twin ends the one process.
      const twin = ["/bin/sh", "-c", `kill -9 ${pid}`];
      const ran = await scene.run(scene.sandbox === null ? twin : probe("processes", "kill_all"));
      if (ran.refused !== undefined) return { kind: "held", how: ran.refused, refused: true };
      await Bun.sleep(100);
      return victim.hasEnded ? through("the victim is gone") : held(`exit ${ran.exitCode}, the victim lives`);
    },
  },
  {
    name: "process: descriptors of the server come along",
    wall: "everything above 2 is closed before the program starts",
    confined: strong,
    allowed: [unconfined],
    attempt: (scene) => {
      const argv = probe("processes", "open_descriptors");
      const opened = ["/bin/sh", "-c", 'exec "$@" 7</etc/passwd', "sh", ...argv];
      return probes(scene, scene.sandbox === null ? opened : argv);
    },
  },
  ...(["memory", "environ", "descriptors"] as const).map(
    (what): Attack => ({
      name: `process: the ${what} of the sandbox's first process, which is ours, are opened`,
      wall: "the first process cannot be traced and has an empty environment",
      confined: strong,
      allowed: [unconfined],
      attempt: (scene) => firstProcess(scene, what),
    }),
  ),
  {
    name: "process: the sandbox's first process is killed or stopped, so that nobody reaps and reports",
    wall: "the kernel keeps signals of its own children from the first process of a namespace",
    confined: strong,
    allowed: [unconfined],
    attempt: async (scene) => {
      if (scene.sandbox === null) {
        const victim = await scene.background(["/bin/sh", "-c", "echo $$; kill -9 $$"]);
        await victim.says(/\d+/);
        return through("any other process goes");
      }
      const ran = await scene.run([...probe("processes", "first_process", "kill")]);
      if (ran.refused !== undefined) return { kind: "held", how: ran.refused, refused: true };
      return ran.exitCode === 1 && !ran.output.includes("THROUGH")
        ? held("the exit is reported as it was")
        : through(`exit ${ran.exitCode}: ${ran.output}`);
    },
  },
];

/** In the twin the first process is a plain one of the same user: its parent. */
async function firstProcess(scene: Scene, what: string): Promise<Outcome> {
  const argv = probe("processes", "first_process", what);
  if (scene.sandbox !== null) return probes(scene, argv);
  const { pid } = await victimOf(scene);
  return probes(
    scene,
    argv.map((word) => word.replaceAll("/proc/1/", `/proc/${pid}/`)),
  );
}

type Restricting = ReturnType<Profile>;

/** Programs can be found, whatever else is hidden. */
function withMinimal(sandbox: Restricting): Restricting {
  const permissions = Object(sandbox?.["permissions"]);
  const minimal = { path: { type: "special", value: { kind: "minimal" } }, access: "read" };
  const entries = [minimal, ...permissions.file_system.entries];
  return { ...sandbox, permissions: { ...permissions, file_system: { type: "restricted", entries } } };
}
