import { closeSync } from "node:fs";
import { ipBytes } from "./ip-bytes.ts";
import { libc } from "./libc.ts";
import { checked } from "./os-error.ts";

/** One end of a TCP connection as the kernel of this machine lists it. */
export interface TcpSocket {
  /** As in `socket:[INODE]`; 0 when no process has it any more. */
  readonly inode: number;
  /** Of the account that made it. */
  readonly uid: number;
}

export interface TcpEnds {
  readonly address: string;
  readonly port: number;
  readonly farAddress: string;
  readonly farPort: number;
}

const AF_INET = 2;
const AF_INET6 = 10;
const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 3 | 0o2000000;
const NETLINK_SOCK_DIAG = 4;
const IPPROTO_TCP = 6;
const SOCK_DIAG_BY_FAMILY = 20;
const NLM_F_REQUEST = 1;
const MSG_DONTWAIT = 0x40;

/** struct nlmsghdr, then struct inet_diag_req_v2 of linux/inet_diag.h. */
const requestBytes = 16 + 56;
/** struct nlmsghdr, then struct inet_diag_msg. */
const answerBytes = 16 + 72;
const at = { length: 0, type: 4, flags: 6, family: 16, protocol: 17, states: 20, sockets: 24 } as const;
const answerAt = { type: 4, uid: 80, inode: 84 } as const;

/**
 * The end at `address:port` of a connection on this machine, looked up in 20 us; undefined where there is none, or where
 * the kernel does not tell.
 */
export function tcpSocket(ends: TcpEnds): TcpSocket | undefined {
  const request = encode(ends);
  if (request === undefined) return undefined;
  const netlink = checked(libc().socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_SOCK_DIAG));
  try {
    checked(Number(libc().send(netlink, request, request.length, 0)));
    const answer = Buffer.alloc(answerBytes);
    // The kernel has answered when send returns.
    const got = Number(libc().recv(netlink, answer, answer.length, MSG_DONTWAIT));
    if (got < answerBytes || answer.readUInt16LE(answerAt.type) !== SOCK_DIAG_BY_FAMILY) return undefined;
    return { inode: answer.readUInt32LE(answerAt.inode), uid: answer.readUInt32LE(answerAt.uid) };
  } finally {
    closeSync(netlink);
  }
}

function encode({ address, port, farAddress, farPort }: TcpEnds): Buffer | undefined {
  const [near, far] = [ipBytes(address), ipBytes(farAddress)];
  if (near === undefined || near.length !== far?.length) return undefined;
  const request = Buffer.alloc(requestBytes);
  request.writeUInt32LE(requestBytes, at.length);
  request.writeUInt16LE(SOCK_DIAG_BY_FAMILY, at.type);
  request.writeUInt16LE(NLM_F_REQUEST, at.flags);
  request.writeUInt8(near.length === 4 ? AF_INET : AF_INET6, at.family);
  request.writeUInt8(IPPROTO_TCP, at.protocol);
  request.writeUInt32LE(0xffffffff, at.states);
  // struct inet_diag_sockid: two ports, two addresses of 16 bytes, the interface, a cookie that says "any".
  request.writeUInt16BE(port, at.sockets);
  request.writeUInt16BE(farPort, at.sockets + 2);
  near.copy(request, at.sockets + 4);
  far.copy(request, at.sockets + 20);
  request.fill(0xff, at.sockets + 40);
  return request;
}
