import { ptr } from "bun:ffi";
import { Errno } from "./errno.ts";
import { libc } from "./libc.ts";
import { checked, OsError } from "./os-error.ts";

const LOCK_SH = 1;
const LOCK_EX = 2;
const LOCK_NB = 4;

/** Locks an open file against other holders, without waiting. False: somebody holds it otherwise. */
export function tryLock(descriptor: number, kind: "shared" | "exclusive"): boolean {
  try {
    checked(libc().flock(descriptor, (kind === "shared" ? LOCK_SH : LOCK_EX) | LOCK_NB));
    return true;
  } catch (error) {
    if (error instanceof OsError && error.errno === Errno.EAGAIN) return false;
    throw error;
  }
}

const F_OFD_SETLK = 37;
const F_RDLCK = 0;
const F_WRLCK = 1;
/** sizeof(struct flock) where pointers have 64 bits; zeros stand for the whole file. */
const recordLockBytes = 32;

/**
 * The same with another kind of lock: whoever can only read the file gets no exclusive one, and so cannot keep others
 * out. From one kind to the other nobody else comes between. The two kinds do not see each other.
 */
export function tryWriterLock(descriptor: number, kind: "shared" | "exclusive"): boolean {
  const lock = new Int16Array(recordLockBytes / 2);
  lock[0] = kind === "shared" ? F_RDLCK : F_WRLCK;
  try {
    // Asked for in the call itself: what was found out earlier may have moved.
    checked(libc().fcntl(descriptor, F_OFD_SETLK, ptr(lock)));
    return true;
  } catch (error) {
    if (error instanceof OsError && (error.errno === Errno.EAGAIN || error.errno === Errno.EACCES))
      return false;
    throw error;
  }
}
