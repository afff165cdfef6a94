import { closeSync, constants, writeSync } from "node:fs";
import { Errno } from "./errno.ts";
import { libc } from "./libc.ts";
import { checked, OsError } from "./os-error.ts";

const O_CLOEXEC = 0o2000000;
const F_GETFL = 3;
const F_SETFL = 4;
const F_DUPFD_CLOEXEC = 1030;
const F_SETPIPE_SZ = 1031;
const MFD_CLOEXEC = 1;
const MFD_NOEXEC_SEAL = 8;
const MFD_EXEC = 0x10;

export interface Pipe {
  readonly readEnd: number;
  readonly writeEnd: number;
}

/** A real pipe (Bun's own is a socket pair, which `> /dev/stdout` cannot open); both ends close on exec. */
export function openPipe(): Pipe {
  const ends = new Int32Array(new ArrayBuffer(8));
  checked(libc().pipe2(ends, O_CLOEXEC));
  const [readEnd = -1, writeEnd = -1] = ends;
  return { readEnd, writeEnd };
}

/** Makes reads and writes of this open file description answer EAGAIN instead of waiting. */
export function setNonBlocking(descriptor: number): void {
  const flags = checked(libc().fcntl(descriptor, F_GETFL, 0));
  checked(libc().fcntl(descriptor, F_SETFL, flags | constants.O_NONBLOCK));
}

/** Another number for the same open file, at least `least`, closed on exec. */
export function duplicate(descriptor: number, least = 3): number {
  return checked(libc().fcntl(descriptor, F_DUPFD_CLOEXEC, least));
}

/** Has a pipe hold `bytes`, if the account's share of pipe memory allows it. Does nothing to what is no pipe. */
export function widenPipe(descriptor: number, bytes: number): void {
  libc().fcntl(descriptor, F_SETPIPE_SZ, bytes);
}

const POLLIN = 1;
const POLLERR = 8;
const POLLHUP = 16;

/** Whether anybody holds the other end of this pipe's write end. */
export function pipeHasReader(writeEnd: number): boolean {
  return (stateOf(writeEnd, 0) & POLLERR) === 0;
}

/** Whether the other side of a terminal is gone and everything that it said was read. */
export function isHungUp(master: number): boolean {
  return (stateOf(master, POLLIN) & (POLLIN | POLLHUP)) === POLLHUP;
}

/** What poll says of a descriptor at once: the events asked for, and those that come unasked. */
function stateOf(descriptor: number, events: number): number {
  const watched = new Int32Array(new ArrayBuffer(8));
  watched[0] = descriptor;
  watched[1] = events;
  checked(libc().poll(watched, 1, 0));
  // The word holds the events asked for and, above them, those that came.
  return (watched[1] ?? 0) >> 16;
}

const memoryFileName = Buffer.from("codex-env\0");

/** An anonymous file in memory that holds `bytes`. */
export function openMemoryFile(bytes: Uint8Array): number {
  return filled(createMemoryFile(MFD_NOEXEC_SEAL), bytes);
}

/** An anonymous file in memory that holds a program. Throws where the system forbids to run such files. */
export function openMemoryProgram(program: Uint8Array): number {
  return filled(createMemoryFile(MFD_EXEC), program);
}

function filled(descriptor: number, bytes: Uint8Array): number {
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function createMemoryFile(kind: number): number {
  try {
    return checked(libc().memfd_create(memoryFileName, MFD_CLOEXEC | kind));
  } catch (error) {
    // Before Linux 6.3 the kinds are unknown and every memory file may be executed.
    if (!(error instanceof OsError) || error.errno !== Errno.EINVAL) throw error;
    return checked(libc().memfd_create(memoryFileName, MFD_CLOEXEC));
  }
}
