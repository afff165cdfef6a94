import { readFileSync, readlinkSync } from "node:fs";
import type { TcpSocket } from "../../host/tcp-socket.ts";
import { limits } from "../../limits.ts";
import { networkedSandboxesRun } from "../../sandbox/launch/networked-mark.ts";
import { inTurn, isCrowded } from "./in-turn.ts";
import { canListSockets, isOwnAddress, type PeerAddress, peerSocket } from "./peer-socket.ts";
import { socketOwner } from "./socket-owner.ts";

/** Nobody inside a sandbox may ask for work outside of it. */
const refusal = "a command in a sandbox may not use the exec-server that runs it";
const gone =
  "the peer has left before it was served: nobody would read the answer, and nobody can tell who asked";
const unknown =
  "while sandboxed commands with network run, a peer on this machine must be told from them, and this one cannot be";

const crowded =
  "too many peers on this machine are being told from sandboxed commands with network; try again";

/** Why a peer is not let in, and with what status. */
export interface PeerFault {
  readonly status: 403 | 503;
  readonly reason: string;
}

/**
 * Why a peer is not let in: it is in a sandbox of this account's servers. Undefined: it may come. A sandbox with
 * network shares the host's, so that its commands reach every listener on this machine; without network they reach
 * none. A peer of this machine that is gone already is not served either: its sandbox may have ended with it.
 * Costs a look-up of 20 us while no sandbox with network runs; else the answer may take its time, but not the server's.
 */
export function sandboxedPeerFault(
  peer: PeerAddress,
): PeerFault | undefined | Promise<PeerFault | undefined> {
  // Before the socket is looked up: a sandbox that has ended by now has no socket left, one that runs is counted.
  const sandboxesRun = sandboxesMayRun();
  if (sandboxesRun && isCrowded() && isOwnAddress(peer.address)) return turnAway();
  const socket = peerSocket(peer);
  if (socket === undefined) {
    if (!isOwnAddress(peer.address)) return undefined;
    // Sent, closed and gone with its sandbox: what it has asked for would be done all the same.
    if (sandboxesRun) return forbidden(unknown);
    return canListSockets() ? forbidden(gone) : undefined;
  }
  if (!sandboxesRun) return undefined;
  // A sandbox has no other account than the server's.
  if (socket.uid !== process.geteuid?.()) return undefined;
  return inTurn(() => judge(peer, socket));
}

let believedUntil = 0;

/** That they run is believed for a moment: a command in one can make the list long that has to be read for it. */
function sandboxesMayRun(): boolean {
  const now = performance.now();
  if (now < believedUntil) return true;
  if (!networkedSandboxesRun()) return false;
  believedUntil = now + limits.peerMarkBelievedMs;
  return true;
}

/** Not at once: who is turned away comes again. */
async function turnAway(): Promise<PeerFault> {
  await Bun.sleep(limits.peerCheckPauseMs);
  return { status: 503, reason: crowded };
}

async function judge(peer: PeerAddress, { inode }: TcpSocket): Promise<PeerFault | undefined> {
  const owner = await socketOwner(inode);
  // Its number may be another socket's by now.
  if (owner === undefined || peerSocket(peer)?.inode !== inode) return forbidden(unknown);
  return isConfined(owner) && descendsFromOurs(owner) ? forbidden(refusal) : undefined;
}

function forbidden(reason: string): PeerFault {
  return { status: 403, reason };
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
