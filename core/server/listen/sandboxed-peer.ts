import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { networkedSandboxesRun } from "../../sandbox/launch/networked-mark.ts";
import { canListSockets, isOwnAddress, type PeerAddress, peerSocket } from "./peer-socket.ts";

/** Nobody inside a sandbox may ask for work outside of it. */
const refusal = "a command in a sandbox may not use the exec-server that runs it";
const gone =
  "the peer has left before it was served: nobody would read the answer, and nobody can tell who asked";
const unknown =
  "while sandboxed commands with network run, a peer on this machine must be told from them, and this one cannot be";

/**
 * Why a peer is not let in: it is in a sandbox of this account's servers. Undefined: it may come. A sandbox with
 * network shares the host's, so that its commands reach every listener on this machine; without network they reach
 * none. A peer of this machine that is gone already is not served either: its sandbox may have ended with it.
 * Costs a look-up of 20 us while no sandbox with network runs.
 */
export function sandboxedPeerFault(peer: PeerAddress): string | undefined {
  // Before the socket is looked up: a sandbox that has ended by now has no socket left, one that runs is counted.
  const sandboxesRun = networkedSandboxesRun();
  const socket = peerSocket(peer);
  if (socket === undefined) {
    if (!isOwnAddress(peer.address)) return undefined;
    // Sent, closed and gone with its sandbox: what it has asked for would be done all the same.
    return sandboxesRun ? unknown : canListSockets() ? gone : undefined;
  }
  if (!sandboxesRun) return undefined;
  // A sandbox has no other account than the server's.
  if (socket.uid !== process.geteuid?.()) return undefined;
  const owner = processWith(`socket:[${socket.inode}]`);
  if (owner === undefined) return unknown;
  return isConfined(owner) && descendsFromOurs(owner) ? refusal : undefined;
}

/** Who has connected may do so again. */
let lastFound: string | undefined;

/** A process that holds a descriptor of that name. */
function processWith(link: string): number | undefined {
  if (lastFound === undefined || !holds(lastFound, link)) {
    lastFound = readdirSync("/proc").find((name) => /^\d+$/.test(name) && holds(name, link));
  }
  return lastFound === undefined ? undefined : Number(lastFound);
}

function holds(pid: string, link: string): boolean {
  try {
    // The newest of many is most often the last.
    return (
      readdirSync(`/proc/${pid}/fd`).findLast((fd) => linkAt(`/proc/${pid}/fd/${fd}`) === link) !== undefined
    );
  } catch {
    // Gone, or another account's.
    return false;
  }
}

/** Whether it is held otherwise than this process: by namespaces, or by more filters. In doubt it is. */
function isConfined(pid: number): boolean {
  if (linkAt(`/proc/${pid}/ns/user`) !== linkAt("/proc/self/ns/user")) return true;
  const [theirs, ours] = [statusOf(pid), statusOf(process.pid)];
  return theirs === undefined || Number(theirs["Seccomp_filters"]) > Number(ours?.["Seccomp_filters"]);
}

/** A program of ours that came from memory, the guardian or the stage, is above every command of a server. */
const ourProgram = /^\/memfd:codex-env|\/codex-env-[^/]+\/[a-z]+( \(deleted\))?$/;

/** Whether a process or one above it is ours. In doubt it is. */
function descendsFromOurs(pid: number): boolean {
  for (let at = pid; at > 1; ) {
    const program = linkAt(`/proc/${at}/exe`);
    if (program !== undefined && ourProgram.test(program)) return true;
    const status = statusOf(at);
    if (status === undefined) return true;
    if (program === undefined && Number(status["Uid"]?.split("\t")[0]) === process.geteuid?.()) return true;
    at = Number(status["PPid"]);
  }
  return false;
}

function statusOf(pid: number): Readonly<Record<string, string>> | undefined {
  try {
    const lines = readFileSync(`/proc/${pid}/status`, "latin1").matchAll(/^(\w+):\t(.*)$/gm);
    return Object.fromEntries([...lines].map(([, name = "", value = ""]) => [name, value]));
  } catch {
    return undefined;
  }
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
