import { closeSync, openSync } from "node:fs";
import { openMemoryFile } from "../../host/descriptors.ts";

/** A file in memory that holds `bytes`, open at its beginning and for reading only. */
export function readableMemoryFile(bytes: Uint8Array): number {
  const writable = openMemoryFile(bytes);
  try {
    return openSync(`/proc/self/fd/${writable}`, "r");
  } finally {
    closeSync(writable);
  }
}
