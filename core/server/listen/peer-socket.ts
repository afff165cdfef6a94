import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { ipBytes } from "../../host/ip-bytes.ts";
import { type TcpSocket, tcpSocket } from "../../host/tcp-socket.ts";

/** A peer's end of a TCP connection to this process. */
export interface PeerAddress {
  readonly address: string;
  readonly port: number;
  /** The port of ours that it is connected to. */
  readonly ourPort: number;
}

/** The peer's socket, if a process of this machine has it; undefined: none does, or none any more. */
export function peerSocket(peer: PeerAddress): TcpSocket | undefined {
  return askedFor(peer) ?? listed(peer);
}

/** Whether this machine's connections can be looked up at all: what is not found then is not there. */
export function canListSockets(): boolean {
  return linesOf("/proc/net/tcp").length > 0 || linesOf("/proc/net/tcp6").length > 0;
}

/** Whether an address is one of this machine's own. */
export function isOwnAddress(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, "");
  if (/^127\.|^::1$/.test(plain)) return true;
  return Object.values(networkInterfaces()).some((found) => found?.some((own) => own.address === plain));
}

/** Who connects to an address of this machine from it has that same address, unless it chose another. */
function askedFor({ address, port, ourPort }: PeerAddress): TcpSocket | undefined {
  try {
    const found = tcpSocket({ address, port, farAddress: address, farPort: ourPort });
    return found?.inode === 0 ? undefined : found;
  } catch {
    // No such netlink family here, or none that may be used.
    return undefined;
  }
}

const ESTABLISHED = "01";

/** The slow way, some milliseconds: through the list of all connections. */
function listed(peer: PeerAddress): TcpSocket | undefined {
  const wanted = listedAddress(peer.address);
  const [near, far] = [listedPort(peer.port), listedPort(peer.ourPort)];
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of linesOf(table)) {
      const [, local = "", remote = "", state, , , , uid, , inode] = line.trim().split(/\s+/);
      if (state !== ESTABLISHED || inode === "0") continue;
      if (!local.endsWith(near) || !remote.endsWith(far)) continue;
      const address = local.slice(0, -near.length).replace(listedMapping, "");
      if (address === wanted) return { inode: Number(inode), uid: Number(uid) };
    }
  }
  return undefined;
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, "latin1").split("\n").slice(1);
  } catch {
    // No IPv6.
    return [];
  }
}

/** How the kernel lists the first part of an IPv4 address in IPv6 form. */
const listedMapping = /^0{16}FFFF0000/;

/** As the kernel lists it: words of 32 bits, each with its last byte first (on the machines that we know). */
function listedAddress(text: string): string | undefined {
  return ipBytes(text)?.swap32().toString("hex").toUpperCase();
}

function listedPort(port: number): string {
  return `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
}
