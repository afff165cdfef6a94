import type { Pointer } from "bun:ffi";
import { closeSync, constants, openSync } from "node:fs";
import { libc } from "../../host/libc.ts";
import { checked } from "../../host/os-error.ts";

const TIOCSPTLCK = 0x40045431;
const TIOCGPTPEER = 0x5441;
const TIOCSWINSZ = 0x5414;
const TCGETS = 0x5401;
/** Four words of flags and the line discipline come first, then the characters; VEOF is the fifth. */
const endOfInputAt = 21;
const O_CLOEXEC = 0o2000000;

export interface PtySize {
  /** 1..65535. */
  readonly rows: number;
  /** 1..65535. */
  readonly columns: number;
}

export interface Pty {
  readonly master: number;
  readonly slave: number;
}

/** Opens a new pseudo-terminal of the given size with the kernel's default line discipline. The master never waits. */
export function openPty(size: PtySize): Pty {
  const flags = constants.O_RDWR | constants.O_NOCTTY | O_CLOEXEC;
  const master = openSync("/dev/ptmx", flags | constants.O_NONBLOCK);
  try {
    checked(libc().ioctl(master, TIOCSPTLCK, new Int32Array(new ArrayBuffer(4))));
    resizePty(master, size);
    return { master, slave: openPeer(master, flags) };
  } catch (error) {
    closeSync(master);
    throw error;
  }
}

/** Tells the terminal's size; the foreground group gets SIGWINCH when it changed. */
export function resizePty(master: number, size: PtySize): void {
  const window = new Uint16Array(new ArrayBuffer(8));
  window[0] = size.rows;
  window[1] = size.columns;
  checked(libc().ioctl(master, TIOCSWINSZ, window));
}

/** The slave without its name, which another mount of /dev/pts may not know. */
function openPeer(master: number, flags: number): number {
  // The kernel takes flags where other requests take an address: the number is never followed.
  return checked(libc().ioctl(master, TIOCGPTPEER, flags as Pointer));
}

/** The character that means end of input to whoever reads the terminal now. */
export function endOfInput(master: number): Uint8Array {
  const settings = new Uint8Array(new ArrayBuffer(64));
  checked(libc().ioctl(master, TCGETS, settings));
  return settings.slice(endOfInputAt, endOfInputAt + 1);
}
