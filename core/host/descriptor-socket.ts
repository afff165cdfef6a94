import { type Pointer, toArrayBuffer } from "bun:ffi";
import { Errno } from "./errno.ts";
import { libc } from "./libc.ts";
import { checked, OsError } from "./os-error.ts";

const AF_UNIX = 1;
const SOCK_SEQPACKET = 5;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SCM_RIGHTS = 1;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const MSG_CMSG_CLOEXEC = 0x40000000;

/** A connected pair of sockets that keep message borders and carry descriptors. */
export function openDescriptorSocketPair(): readonly [ours: number, theirs: number] {
  const ends = new Int32Array(new ArrayBuffer(8));
  checked(libc().socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends));
  const [ours = -1, theirs = -1] = ends;
  return [ours, theirs];
}

/** Where things lie in the one block of C memory that sendmsg gets; the layout of 64-bit Linux, glibc and musl alike. */
const at = { header: 0, vector: 64, control: 80, body: 1280, end: 1536 } as const;

interface Block {
  readonly address: Pointer;
  readonly view: DataView;
  readonly bytes: Uint8Array;
}

let block: Block | undefined;

/** C memory that never moves, since the message header holds addresses of its other parts. */
function messageBlock(): Block {
  if (block !== undefined) return block;
  const address = libc().malloc(at.end);
  if (typeof address !== "number") throw new OsError(Errno.ENOMEM);
  const memory = toArrayBuffer(address, 0, at.end);
  const bytes = new Uint8Array(memory).fill(0);
  const view = new DataView(memory);
  const base = BigInt(address);
  view.setBigUint64(at.header + 16, base + BigInt(at.vector), true);
  view.setBigUint64(at.header + 24, 1n, true);
  view.setBigUint64(at.header + 32, base + BigInt(at.control), true);
  view.setBigUint64(at.vector, base + BigInt(at.body), true);
  view.setInt32(at.control + 8, SOL_SOCKET, true);
  view.setInt32(at.control + 12, SCM_RIGHTS, true);
  block = { address, view, bytes };
  return block;
}

/**
 * Sends one message (at most 256 bytes) with descriptors (at most 253, as the kernel takes them), of which the receiver gets copies.
 * Returns false when the socket has no room now. Throws {@link OsError}; EPIPE: nobody listens any more.
 */
export function sendDescriptors(socket: number, body: Uint8Array, descriptors: readonly number[]): boolean {
  const { address, view, bytes } = messageBlock();
  const controlLength = 16 + descriptors.length * 4;
  view.setBigUint64(at.header + 40, BigInt(controlLength), true);
  view.setBigUint64(at.vector + 8, BigInt(body.length), true);
  view.setBigUint64(at.control, BigInt(controlLength), true);
  descriptors.forEach((descriptor, index) => {
    view.setInt32(at.control + 16 + index * 4, descriptor, true);
  });
  bytes.set(body, at.body);
  try {
    checked(Number(libc().sendmsg(socket, address, MSG_DONTWAIT | MSG_NOSIGNAL)));
    return true;
  } catch (error) {
    if (error instanceof OsError && error.errno === Errno.EAGAIN) return false;
    throw error;
  }
}

/**
 * Takes one message off the socket, and the descriptor that came with it (closed on exec, the caller's to close); null
 * when there is no message, or none in it. Throws {@link OsError}.
 */
export function receiveDescriptor(socket: number): number | null {
  const { address, view } = messageBlock();
  // Room for one descriptor: the kernel closes what does not fit.
  const controlLength = 16 + 4;
  view.setBigUint64(at.header + 40, BigInt(controlLength), true);
  view.setBigUint64(at.vector + 8, BigInt(at.end - at.body), true);
  view.setBigUint64(at.control, 0n, true);
  try {
    checked(Number(libc().recvmsg(socket, address, MSG_DONTWAIT | MSG_CMSG_CLOEXEC)));
    const came = view.getBigUint64(at.control, true) >= BigInt(controlLength) && isRights(view);
    return came ? view.getInt32(at.control + 16, true) : null;
  } catch (error) {
    if (error instanceof OsError && error.errno === Errno.EAGAIN) return null;
    throw error;
  } finally {
    // What is sent next finds the block as it is made.
    view.setInt32(at.control + 8, SOL_SOCKET, true);
    view.setInt32(at.control + 12, SCM_RIGHTS, true);
  }
}

function isRights(view: DataView): boolean {
  return (
    view.getInt32(at.control + 8, true) === SOL_SOCKET && view.getInt32(at.control + 12, true) === SCM_RIGHTS
  );
}
