import { read } from "bun:ffi";
import { osErrorText } from "./errno.ts";
import { libc } from "./libc.ts";

/** A system call failed: `errno` is Linux's number, the message the OS's sentence. */
export class OsError extends Error {
  override readonly name = "OsError";
  readonly errno: number;
  constructor(errno: number) {
    super(osErrorText(errno));
    this.errno = errno;
  }
}

/** The error of the C call made just before. */
export function lastOsError(): OsError {
  const location = libc().__errno_location();
  return new OsError(location === null ? 0 : read.i32(location));
}

/** Hands on the result of a C call, or throws {@link OsError} when it is negative. */
export function checked(result: number): number {
  if (result < 0) throw lastOsError();
  return result;
}
