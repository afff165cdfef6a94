import { dlopen, FFIType } from "bun:ffi";

const library = process.platform === "linux" ? "libc.so.6" : "libSystem.B.dylib";
const { symbols } = dlopen(library, {
  clock_gettime: { args: [FFIType.i32, FFIType.ptr], returns: FFIType.i32 },
  setsockopt: {
    args: [FFIType.i32, FFIType.i32, FFIType.i32, FFIType.ptr, FFIType.u32],
    returns: FFIType.i32,
  },
});

const timespec = new BigInt64Array(new ArrayBuffer(16));
const one = new Int32Array(new ArrayBuffer(4));
one[0] = 1;

/** CPU seconds of a process, all threads, its children not counted; from the kernel's clock of that process. */
function cpuSecondsOf(pid: number): number {
  // The clock's id is made from the pid as clock_getcpuclockid(3) does.
  if (symbols.clock_gettime((~pid << 3) | 2, timespec) !== 0) return 0;
  return Number(timespec[0]) + Number(timespec[1]) / 1e9;
}

export function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((total, pid) => total + cpuSecondsOf(pid), 0);
}

const IPPROTO_TCP = 6;
const TCP_QUICKACK = 12;

/** Makes the kernel acknowledge at once until it changes its mind, so before and after every read. */
export function acknowledgeAtOnce(fd: number): void {
  symbols.setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, one, 4);
}
