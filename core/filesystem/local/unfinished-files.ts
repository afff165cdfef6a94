import { unlinkSync } from "node:fs";
import type { NativePath } from "../native-path.ts";

/** Temporary files that are being written off the main thread. */
const unfinished = new Set<NativePath>();
let isArmed = false;

/** Until disposed the file is removed when the process exits: a server that ends in mid-write leaves nothing behind. */
export function markUnfinished(path: NativePath): Disposable {
  if (!isArmed) process.once("exit", removeAll);
  isArmed = true;
  unfinished.add(path);
  return {
    [Symbol.dispose]() {
      unfinished.delete(path);
    },
  };
}

function removeAll(): void {
  for (const path of unfinished) {
    try {
      unlinkSync(path);
    } catch {
      // It has its name already, or its directory is gone.
    }
  }
}
