import { libc } from "./libc.ts";

/** What the kernel knows of a TCP connection of this process. */
export interface TcpFacts {
  /** Milliseconds since data (not bare acknowledgements) came from the peer. */
  readonly sinceReceivedMs: number;
  /** Bytes that the peer's kernel has not acknowledged. */
  readonly unacknowledgedBytes: number;
  /** How often the kernel has repeated itself since the peer's kernel last answered. */
  readonly unanswered: number;
}

const AF_INET = 2;
const AF_INET6 = 10;
const IPPROTO_TCP = 6;
const TCP_INFO = 11;
const SIOCOUTQ = 0x5411;

/** Offsets in `struct tcp_info` of linux/tcp.h. */
const retransmitsAt = 2;
const probesAt = 3;
const lastDataReceivedAt = 52;
const tcpInfoBytes = 104;

/**
 * The facts of the connection whose peer is `address:port`, or `undefined` where they cannot be had: the peer
 * has gone, or this is not Linux. Bun does not tell which descriptor a socket has, so all of them are looked
 * at; that is for rare questions.
 */
export function tcpFacts(address: string, port: number): TcpFacts | undefined {
  try {
    const fd = findSocket(address, port);
    return fd === undefined ? undefined : readFacts(fd);
  } catch {
    // No procfs or no C library that is known.
    return undefined;
  }
}

function findSocket(address: string, port: number): number | undefined {
  const wanted = new Uint8Array(16);
  const family = address.includes(":") ? AF_INET6 : AF_INET;
  if (libc().inet_pton(family, Buffer.from(`${address}\0`), wanted) !== 1) return undefined;
  const addressBytes = wanted.subarray(0, family === AF_INET ? 4 : 16);
  // sockaddr_in holds family, port, address; sockaddr_in6 a flow label before the address.
  const addressAt = family === AF_INET ? 4 : 8;
  const name = Buffer.alloc(128);
  // Loaded here: a server looks only when a peer has been silent for long.
  const { readdirSync } = process.getBuiltinModule("node:fs");
  for (const entry of readdirSync("/proc/self/fd")) {
    const length = new Uint32Array(new ArrayBuffer(4)).fill(name.length);
    if (libc().getpeername(Number(entry), name, length) !== 0) continue;
    if (name.readUInt16LE(0) !== family || name.readUInt16BE(2) !== port) continue;
    const found = name.subarray(addressAt, addressAt + addressBytes.length);
    if (found.equals(addressBytes)) return Number(entry);
  }
  return undefined;
}

function readFacts(fd: number): TcpFacts | undefined {
  const info = Buffer.alloc(tcpInfoBytes);
  const length = new Uint32Array(new ArrayBuffer(4)).fill(info.length);
  const queued = new Int32Array(new ArrayBuffer(4));
  if (libc().getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, length) !== 0) return undefined;
  if (libc().ioctl(fd, SIOCOUTQ, queued) !== 0) return undefined;
  return {
    sinceReceivedMs: info.readUInt32LE(lastDataReceivedAt),
    unacknowledgedBytes: queued[0] ?? 0,
    unanswered: Math.max(info.readUInt8(retransmitsAt), info.readUInt8(probesAt)),
  };
}
