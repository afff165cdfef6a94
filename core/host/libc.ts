import { dlopen, FFIType as T } from "bun:ffi";

const symbols = {
  pipe2: { args: [T.ptr, T.i32], returns: T.i32 },
  memfd_create: { args: [T.cstring, T.u32], returns: T.i32 },
  socketpair: { args: [T.i32, T.i32, T.i32, T.ptr], returns: T.i32 },
  recvmsg: { args: [T.i32, T.ptr, T.i32], returns: T.i64_fast },
  bind: { args: [T.i32, T.ptr, T.u32], returns: T.i32 },
  socket: { args: [T.i32, T.i32, T.i32], returns: T.i32 },
  send: { args: [T.i32, T.ptr, T.u64_fast, T.i32], returns: T.i64_fast },
  recv: { args: [T.i32, T.ptr, T.u64_fast, T.i32], returns: T.i64_fast },
  sendmsg: { args: [T.i32, T.ptr, T.i32], returns: T.i64_fast },
  ioctl: { args: [T.i32, T.u64_fast, T.ptr], returns: T.i32 },
  /** The last is a number or a place in memory, as the command wants it. */
  fcntl: { args: [T.i32, T.i32, T.u64_fast], returns: T.i32 },
  flock: { args: [T.i32, T.i32], returns: T.i32 },
  poll: { args: [T.ptr, T.u64_fast, T.i32], returns: T.i32 },
  prctl: { args: [T.i32, T.u64_fast, T.u64_fast, T.u64_fast, T.u64_fast], returns: T.i32 },
  getrlimit: { args: [T.i32, T.ptr], returns: T.i32 },
  setrlimit: { args: [T.i32, T.ptr], returns: T.i32 },
  dup2: { args: [T.i32, T.i32], returns: T.i32 },
  signal: { args: [T.i32, T.u64_fast], returns: T.u64_fast },
  execve: { args: [T.cstring, T.u64_fast, T.u64_fast], returns: T.i32 },
  getsockopt: { args: [T.i32, T.i32, T.i32, T.ptr, T.ptr], returns: T.i32 },
  getpeername: { args: [T.i32, T.ptr, T.ptr], returns: T.i32 },
  inet_pton: { args: [T.i32, T.cstring, T.ptr], returns: T.i32 },
  madvise: { args: [T.u64_fast, T.u64_fast, T.i32], returns: T.i32 },
  syscall: {
    args: [T.i64_fast, T.u64_fast, T.u64_fast, T.u64_fast, T.u64_fast, T.u64_fast, T.u64_fast],
    returns: T.i64_fast,
  },
  malloc: { args: [T.u64_fast], returns: T.ptr },
  __errno_location: { args: [], returns: T.ptr },
} as const;

/** glibc's name first; a musl system answers to the name of its architecture. */
const libraryNames = [
  "libc.so.6",
  process.arch === "arm64" ? "libc.musl-aarch64.so.1" : "libc.musl-x86_64.so.1",
] as const;

function open() {
  if (process.platform !== "linux") {
    throw new Error(`system calls are only known for Linux, not for ${process.platform}`);
  }
  let failure: unknown;
  for (const name of libraryNames) {
    try {
      return dlopen(name, symbols).symbols;
    } catch (error) {
      failure = error;
    }
  }
  throw new Error("cannot open the C library", { cause: failure });
}

let opened: ReturnType<typeof open> | undefined;

/**
 * The C library's calls that Bun does not offer itself, opened at the first use; Linux only.
 * Pass typed arrays themselves, never a kept `ptr()` of one: its memory moves.
 */
export function libc(): ReturnType<typeof open> {
  opened ??= open();
  return opened;
}
