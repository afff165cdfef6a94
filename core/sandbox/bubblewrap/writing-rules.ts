import { REFER, WRITE_FILE } from "../landlock/access-rights.ts";
import { isBelow } from "./mount-tree.ts";

/** A Landlock domain that goes on top of mounts; see ../launch/stage-blob.ts. */
interface WritingRules {
  readonly handledFs: bigint;
  readonly handledNet: bigint;
  readonly scoped: bigint;
  readonly rules: readonly { readonly path: string; readonly access: bigint }[];
}

/**
 * Keeps a command from writing to FIFOs of the host: a read-only mount does not, since nothing changes on its file
 * system. Nothing may be opened for writing but below what bubblewrap's words mount writable, and what a sandbox has of
 * its own. Read-only places inside of these stay to the mounts alone. Undefined where all of the disk is writable.
 */
export function writingRules(words: readonly string[]): WritingRules | undefined {
  const writable = ["/dev", "/proc", ...words.filter((_, index) => isWritableTarget(words, index))];
  if (writable.includes("/")) return undefined;
  const roots: string[] = [];
  for (const path of writable) {
    if (!roots.some((root) => root === path || isBelow(path, root))) roots.push(path);
  }
  return {
    handledFs: WRITE_FILE | REFER,
    handledNet: 0n,
    scoped: 0n,
    rules: [{ path: "/", access: REFER }, ...roots.map((path) => ({ path, access: WRITE_FILE }))],
  };
}

function isWritableTarget(words: readonly string[], index: number): boolean {
  const option = words[index - 2] ?? "";
  return option === "--bind" || option === "--bind-try";
}
