import { closeSync, fchmodSync, openSync } from "node:fs";
import { openMemoryProgram } from "../../host/descriptors.ts";
import { privateProgram } from "./private-program.ts";

/** A descriptor of an embedded program, for reading and execution only; the caller's to keep and to close. */
export function openProgram(name: string, program: Uint8Array): number {
  try {
    return openInMemory(program);
  } catch {
    // Where the system forbids to run what lies in memory.
    return openUnlinked(name, program);
  }
}

function openInMemory(program: Uint8Array): number {
  const writable = openMemoryProgram(program);
  try {
    fchmodSync(writable, 0o500);
    return openSync(`/proc/self/fd/${writable}`, "r");
  } finally {
    closeSync(writable);
  }
}

function openUnlinked(name: string, program: Uint8Array): number {
  using file = privateProgram(name, program);
  return openSync(file.path, "r");
}
