import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { libc } from "../../host/libc.ts";

/** A peer's end of a TCP connection to this process. */
export interface PeerAddress {
  readonly address: string;
  readonly port: number;
  /** The port of ours that it is connected to. */
  readonly ourPort: number;
}

/** The peer's socket as this machine knows it, if the peer is on this machine. */
export interface PeerSocket {
  readonly inode: string;
  /** Of the account that made it. */
  readonly uid: number;
}

const ESTABLISHED = "01";

/** Looks the peer's socket up in what the kernel lists; undefined: no process of this machine has it, or none any more. */
export function peerSocket(peer: PeerAddress): PeerSocket | undefined {
  const wanted = listedAddress(peer.address);
  const endings = { port: hexPort(peer.port), ourPort: hexPort(peer.ourPort) };
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of tableLines(table)) {
      const [, local = "", remote = "", state, , , , uid, , inode = "0"] = line.trim().split(/\s+/);
      if (state !== ESTABLISHED || inode === "0") continue;
      if (!local.endsWith(endings.port) || !remote.endsWith(endings.ourPort)) continue;
      const address = local.slice(0, -endings.port.length);
      if (address.replace(listedMapping, "") === wanted) return { inode, uid: Number(uid) };
    }
  }
  return undefined;
}

/** Whether an address is one of this machine's own. */
export function isOwnAddress(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, "");
  if (/^127\.|^::1$/.test(plain)) return true;
  return Object.values(networkInterfaces()).some((found) => found?.some((own) => own.address === plain));
}

function tableLines(path: string): readonly string[] {
  try {
    return readFileSync(path, "latin1").split("\n").slice(1);
  } catch {
    // No IPv6.
    return [];
  }
}

function hexPort(port: number): string {
  return `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
}

const AF_INET = 2;
const AF_INET6 = 10;

/** How the kernel lists the first part of an IPv4 address in IPv6 form. */
const listedMapping = /^0{16}FFFF0000/;

/** As the kernel lists it: words of 32 bits, each with its last byte first (on the machines that we know). */
function listedAddress(text: string): string | undefined {
  const plain = text.replace(/^::ffff:(?=\d+\.)/i, "");
  const family = plain.includes(":") ? AF_INET6 : AF_INET;
  const bytes = Buffer.alloc(family === AF_INET ? 4 : 16);
  if (libc().inet_pton(family, Buffer.from(`${plain}\0`), bytes) !== 1) return undefined;
  return bytes.swap32().toString("hex").toUpperCase();
}
