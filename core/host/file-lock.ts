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
