import { closeSync, openSync, readSync } from "node:fs";
import type { ServerPlatform } from "./server-platform.ts";

/** What an executable file runs on; `libc` is null for one that brings everything itself. */
export interface ExecutableKind {
  readonly machine: ServerPlatform["machine"];
  readonly libc: ServerPlatform["libc"] | null;
}

/** The head of the file, the table of its segments and the name of its loader lie within. */
const headBytes = 16_384;

/** Reads what a file runs on; undefined for what is no ELF file for a machine that we know. Throws when it cannot read. */
export function examineExecutable(path: string): ExecutableKind | undefined {
  const descriptor = openSync(path, "r");
  try {
    const head = new Uint8Array(headBytes);
    return executableKind(head.subarray(0, readSync(descriptor, head, 0, headBytes, 0)));
  } finally {
    closeSync(descriptor);
  }
}

/** The same, from the first bytes of the file. */
export function executableKind(head: Uint8Array): ExecutableKind | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const isElf64 = head.length >= 64 && view.getUint32(0) === 0x7f454c46 && head[4] === 2 && head[5] === 1;
  if (!isElf64) return undefined;
  const machine = machines.get(view.getUint16(18, true));
  if (machine === undefined) return undefined;
  const loader = loaderOf(view, head);
  if (loader === undefined) return { machine, libc: null };
  return { machine, libc: loader.includes("ld-musl") ? "musl" : "glibc" };
}

const machines: ReadonlyMap<number, ServerPlatform["machine"]> = new Map([
  [62, "x64"],
  [183, "arm64"],
]);

/** The program header of this type names the loader (PT_INTERP). */
const interpreterSegment = 3;

function loaderOf(view: DataView, head: Uint8Array): string | undefined {
  const table = Number(view.getBigUint64(32, true));
  const entryBytes = view.getUint16(54, true);
  const entries = view.getUint16(56, true);
  if (entryBytes < 56) return undefined;
  for (let index = 0; index < entries; index++) {
    const at = table + index * entryBytes;
    if (at + 56 > head.length) return undefined;
    if (view.getUint32(at, true) !== interpreterSegment) continue;
    const start = Number(view.getBigUint64(at + 8, true));
    const length = Number(view.getBigUint64(at + 32, true));
    return new TextDecoder().decode(head.subarray(start, start + length));
  }
  return undefined;
}
