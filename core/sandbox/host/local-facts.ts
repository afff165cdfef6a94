import { closeSync, lstatSync, openSync, readlinkSync, readSync, type Stats } from "node:fs";
import { limits } from "../../limits.ts";
import type { HostFacts, PathFact } from "../plan/host-facts.ts";
import { childPath, normalPath, parentPath } from "../plan/lexical-path.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";
import { expandGlob } from "./expand-glob.ts";
import { hardLinksBelow } from "./hard-links-below.ts";

/** Facts of this machine, looked up at each call: nothing is remembered. */
export function localFacts(
  known: Pick<HostFacts, "temporaryDirectory" | "home" | "privatePaths">,
): HostFacts {
  return {
    ...known,
    inspect,
    gitDirectory,
    expand: (glob, maxDepth) => expandGlob(glob, maxDepth),
    hardLinks: (directory) => hardLinksBelow(directory),
  };
}

const missing = { stands: "missing" } as const;
/** Nothing there, nothing to be seen from here, or a name that cannot be. */
const unseen = new Set(["ENOENT", "ENOTDIR", "EACCES", "ENAMETOOLONG", "ELOOP"]);

function inspect(path: string): PathFact {
  try {
    const found = lstatSync(path, { throwIfNoEntry: false });
    return found === undefined ? missing : factOf(path, found);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (unseen.has(code)) return missing;
    throw new SandboxRefusal(`the sandbox cannot tell what \`${path}\` is (${code})`, { cause: error });
  }
}

function factOf(path: string, found: Stats): PathFact {
  const { dev: device, ino: inode, nlink: links } = found;
  if (found.isSymbolicLink()) return { stands: "link", target: readlinkSync(path), device, inode };
  return { stands: found.isDirectory() ? "directory" : "file", device, inode, links };
}

const gitLine = /^gitdir:[ \t]*(\S[^\r\n]*?)[ \t]*(?:\r?\n|$)/;

/** Reads the one line of a `.git` file; the file was seen to be no directory, and may be anything else. */
function gitDirectory(path: string): string | null {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return null;
  const descriptor = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(limits.sandboxGitFileBytes);
    const length = readSync(descriptor, bytes, 0, bytes.length, 0);
    const named = gitLine.exec(bytes.toString("utf8", 0, length))?.[1];
    if (named === undefined) return null;
    return normalPath(named.startsWith("/") ? named : childPath(parentPath(path), named));
  } finally {
    closeSync(descriptor);
  }
}
