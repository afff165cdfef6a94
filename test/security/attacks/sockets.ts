import { judged, shellTells } from "../acts.ts";
import { type Attack, type Family, held, through } from "../attack.ts";
import { probe, probes } from "../probe.ts";
import {
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
const noNet = "a network namespace with nothing in it, and the filter";
const sandboxedPeer =
  "a peer whose process is in a sandbox is refused, and one that cannot be told from those";
const open: readonly Profile[] = [networked, networkedReadOnly];

type Listener = "listen_stream" | "listen_datagrams";

interface ToHost {
  readonly name: string;
  readonly listener: Listener;
  /** Abstract names lie in no directory. */
  readonly abstract?: boolean;
  readonly call: string;
  readonly more?: (scene: Scene) => readonly string[];
  readonly confined?: readonly Profile[];
}

/** A process outside listens at a path in the writable workspace itself, or at an abstract name. */
const toHost = ({ name, listener, abstract = false, call, more, confined = strong }: ToHost): Attack => ({
  name: `socket: ${name}`,
  wall: filter,
  confined,
  allowed: [unconfined],
  attempt: async (scene) => {
    // Relative to the workspace: a socket's path has 107 bytes.
    const path = abstract ? `@codex-env-${crypto.randomUUID()}` : "s";
    const keeper = await scene.background(probe("sockets", listener, path));
    await keeper.says(/READY/);
    const outcome = await probes(scene, probe("sockets", call, path, ...(more?.(scene) ?? [])));
    if (outcome.kind === "through") await keeper.says(/GOT/, 1000).catch(() => {});
    const got = /GOT.*/.exec(keeper.output)?.[0];
    return got === undefined ? (outcome.kind === "through" ? held("nothing came") : outcome) : through(got);
  },
});

const toPort = (
  name: string,
  listener: string,
  call: string,
  confined: readonly Profile[] = strong,
): Attack => ({
  name: `socket: ${name}`,
  wall: noNet,
  confined,
  allowed: [...open, unconfined],
  attempt: async (scene) => {
    const keeper = await scene.background(probe("sockets", listener));
    const [, port = ""] = await keeper.says(/READY (\d+)\n/);
    const outcome = await probes(scene, probe("sockets", call, port));
    if (outcome.kind === "through") await keeper.says(/GOT/, 1000).catch(() => {});
    const got = /GOT.*/.exec(keeper.output)?.[0];
    return got === undefined ? (outcome.kind === "through" ? held("nothing came") : outcome) : through(got);
  },
});

const made = (family: string, kind: string, ofRoot = false, protocol = 0): Attack => ({
  name: `socket: one of the family ${family}, ${kind}, is made`,
  wall: filter,
  confined: strong,
  allowed: [unconfined],
  ...(ofRoot ? { twinOfRoot: true } : {}),
  attempt: (scene) => probes(scene, probe("sockets", "make", family, kind, protocol)),
});

const self = (name: string, wall: string, confined: readonly Profile[]): Attack => ({
  name: `socket: ${name}`,
  wall,
  confined,
  allowed: [unconfined],
  attempt: (scene) => probes(scene, probe("sockets", "exec_server", scene.attacked.server.url)),
});

const file = (scene: Scene) => [`${scene.workspace}/a.txt`];

export const socketAttacks: Family = [
  toHost({
    name: "a stream to a socket of the host in the workspace",
    listener: "listen_stream",
    call: "connect_stream",
  }),
  toHost({
    name: "a stream to a socket of the host under an open network",
    listener: "listen_stream",
    call: "connect_stream",
    confined: open,
  }),
  toHost({
    name: "a stream to an abstract name of the host",
    listener: "listen_stream",
    abstract: true,
    call: "connect_stream",
  }),
  toHost({
    name: "a stream to an abstract name of the host under an open network",
    listener: "listen_stream",
    abstract: true,
    call: "connect_stream",
    confined: open,
  }),
  toHost({ name: "a datagram to a socket of the host", listener: "listen_datagrams", call: "send_datagram" }),
  toHost({ name: "a datagram by sendmsg", listener: "listen_datagrams", call: "send_message" }),
  toHost({
    name: "a datagram by sendmsg from an end of a pair",
    listener: "listen_datagrams",
    call: "send_message_of_pair",
  }),
  toHost({
    name: "a datagram by sendmmsg from an end of a pair",
    listener: "listen_datagrams",
    call: "send_messages_of_pair",
  }),
  toHost({
    name: "a datagram by sendmsg from an end of a pair under an open network",
    listener: "listen_datagrams",
    call: "send_message_of_pair",
    confined: open,
  }),
  toHost({
    name: "a datagram to an abstract name",
    listener: "listen_datagrams",
    abstract: true,
    call: "send_message",
  }),
  toHost({
    name: "a datagram to an abstract name from an end of a pair",
    listener: "listen_datagrams",
    abstract: true,
    call: "send_message_of_pair",
  }),
  toHost({
    name: "a descriptor is passed to the host",
    listener: "listen_datagrams",
    call: "send_descriptor",
    more: file,
  }),
  toHost({
    name: "a descriptor is passed to the host from an end of a pair",
    listener: "listen_datagrams",
    call: "send_descriptor_of_pair",
    more: file,
  }),
  toPort("a connection to a port of the host", "listen_tcp", "connect_tcp"),
  toPort("data to a port of the host without a connect", "listen_tcp", "fast_open"),
  toPort("a datagram to a port of the host", "listen_udp", "send_udp"),
  toPort("a connection to a port where every file may be written", "listen_tcp", "connect_tcp", [
    fullDisk,
    workspaceWrite,
  ]),
  {
    name: "socket: a connection by the shell's own /dev/tcp",
    wall: noNet,
    confined: strong,
    allowed: [networked, networkedReadOnly, unconfined],
    attempt: async (scene) => {
      const keeper = await scene.background(probe("sockets", "listen_tcp"));
      const [, port = ""] = await keeper.says(/READY (\d+)\n/);
      await scene.run(["/bin/bash", "-c", `echo attack > /dev/tcp/127.0.0.1/${port}`]);
      await Bun.sleep(50);
      return /GOT/.test(keeper.output) ? through(keeper.output) : held("nothing came");
    },
  },
  made("INET", "STREAM"),
  made("INET6", "DGRAM"),
  made("NETLINK", "RAW"),
  made("INET", "RAW", true, 1),
  made("PACKET", "RAW", true),
  made("VSOCK", "STREAM"),
  {
    ...made("VSOCK", "STREAM"),
    name: "socket: one of the family VSOCK is made under an open network",
    confined: open,
  },
  self("the server itself is called from inside", noNet, strong),
  self("the server itself is called under an open network", sandboxedPeer, open),
  {
    ...self("the server itself is called by an orphan that may not be looked at", sandboxedPeer, open),
    attempt: (scene) => {
      // Another attack's sandbox with network may be running: an orphan that is no part of it must then be seen.
      const seen = scene.sandbox === null ? ["seen"] : [];
      return probes(scene, probe("sockets", "hidden_call", scene.attacked.server.url, ...seen));
    },
  },
  {
    ...self("the server itself is called by processes that are gone before it looks", sandboxedPeer, open),
    attempt: async (scene) => {
      const call = probe(
        "sockets",
        "hasty_call",
        `${scene.attacked.server.url} ${scene.path("out/n")}${scene.sandbox === null ? " stay" : ""}`,
      );
      const ran = await scene.run(call);
      await Bun.sleep(100);
      return judged(ran, () => (scene.exists("out/n") ? "out/n is there" : undefined));
    },
  },
  {
    name: "socket: the server's own program inside calls the server",
    wall: "a peer whose process is in a sandbox is refused, whatever program it is",
    confined: open,
    allowed: [unconfined],
    attempt: (scene) => {
      const [program = ""] = scene.attacked.program;
      const command = `${program} exec --url ${scene.attacked.server.url} -- /bin/cat ${scene.path("out/o.txt")}`;
      scene.write("out/script", `cat ${scene.path("out/o.txt")}`);
      return shellTells(
        scene,
        command,
        scene.sandbox === null ? scene.secrets.outside : scene.secrets.outside,
      );
    },
  },
];
