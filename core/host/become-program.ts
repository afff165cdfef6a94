import { toArrayBuffer } from "bun:ffi";
import { duplicate } from "./descriptors.ts";
import { Errno } from "./errno.ts";
import { libc } from "./libc.ts";
import { originalOpenFilesLimit } from "./open-files-limit.ts";
import { checked, lastOsError, OsError } from "./os-error.ts";

/** A program that is to take this process's place. */
export interface Program {
  readonly path: string;
  readonly argv: readonly string[];
  /** Each `NAME=VALUE`. */
  readonly env: readonly (string | Uint8Array)[];
  /** What it finds at 3, 4, ... */
  readonly descriptors?: readonly number[];
}

const firstDescriptor = 3;
const pointerBytes = 8;
const RLIMIT_NOFILE = 7;
const SIG_DFL = 0;
/** The same number on x86-64 and arm64. */
const SYS_close_range = 436;
const CLOSE_RANGE_CLOEXEC = 4;
/** SIGPIPE and SIGXFSZ. */
const ignoredByBun = [13, 25];

/**
 * Replaces this process by a program, which keeps its id, its parent and its stdio: how it ends is its own doing.
 * Returns only when that failed, and then 3, 4, ... are no longer what they were. Linux only.
 */
export function becomeProgram(program: Program): OsError {
  const { address, argv, env } = cStrings(program);
  try {
    restoreOpenFiles();
    for (const signal of ignoredByBun) libc().signal(signal, SIG_DFL);
    placeDescriptors(program.descriptors ?? []);
  } catch (error) {
    if (error instanceof OsError) return error;
    throw error;
  }
  libc().execve(Buffer.from(`${program.path}\0`), address + argv, address + env);
  return lastOsError();
}

/** Gives children the soft limit of open files that this process was started with; Bun raised it. */
function restoreOpenFiles(): void {
  const soft = originalOpenFilesLimit();
  if (soft === 0) return;
  const limit = new BigUint64Array(new ArrayBuffer(16));
  checked(libc().getrlimit(RLIMIT_NOFILE, limit));
  limit[0] = BigInt(soft);
  checked(libc().setrlimit(RLIMIT_NOFILE, limit));
}

/** All are moved out of the way first, since each may stand where another belongs. */
function placeDescriptors(descriptors: readonly number[]): void {
  const away = descriptors.map((descriptor) => duplicate(descriptor, firstDescriptor + descriptors.length));
  for (const [index, descriptor] of away.entries()) checked(libc().dup2(descriptor, firstDescriptor + index));
  // What we were given beyond stdio was given to us; before Linux 5.11 it stays open.
  const first = firstDescriptor + descriptors.length;
  libc().syscall(SYS_close_range, first, 0xffff_ffff, CLOSE_RANGE_CLOEXEC, 0, 0, 0);
}

/** The arguments and the environment as C takes them, in memory that never moves; offsets of their pointer lists. */
function cStrings({ argv, env }: Program): { address: number; argv: number; env: number } {
  const lists = [argv, env].map((strings) =>
    strings.map((string) => Buffer.concat([Buffer.from(string), nul])),
  );
  const pointers = lists.reduce((sum, strings) => sum + strings.length + 1, 0);
  let at = pointers * pointerBytes;
  const bytes = at + lists.flat().reduce((sum, string) => sum + string.length, 0);
  const address = libc().malloc(bytes);
  if (typeof address !== "number") throw new OsError(Errno.ENOMEM);
  const memory = Buffer.from(toArrayBuffer(address, 0, bytes)).fill(0);
  let pointer = 0;
  for (const strings of lists) {
    for (const string of strings) {
      memory.writeBigUInt64LE(BigInt(address + at), pointer);
      at += string.copy(memory, at);
      pointer += pointerBytes;
    }
    // The list ends with a null pointer.
    pointer += pointerBytes;
  }
  return { address, argv: 0, env: (argv.length + 1) * pointerBytes };
}

const nul = new Uint8Array(1);
