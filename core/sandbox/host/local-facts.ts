import { isUtf8 } from "node:buffer";
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  type Stats,
} from "node:fs";
import { limits } from "../../limits.ts";
import type { HostFacts, PathFact } from "../plan/host-facts.ts";
import { childPath, normalPath, parentPath } from "../plan/lexical-path.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";
import { expandGlob } from "./expand-glob.ts";
import { caseFinder } from "./folds-case.ts";
import { hardLinksBelow } from "./hard-links-below.ts";
import { placeFinder } from "./other-places.ts";

/** Facts of this machine, looked up at each call; mounts and what file systems are like once. */
export function localFacts(
  known: Pick<HostFacts, "temporaryDirectory" | "home" | "privatePaths" | "mayBeWritten">,
): HostFacts {
  return {
    ...known,
    inspect,
    otherPlaces: placeFinder(),
    foldsCase: caseFinder(),
    gitDirectory,
    expand: (glob, maxDepth) => expandGlob(glob, maxDepth),
    hardLinks: (directory) => hardLinksBelow(directory),
  };
}

const missing = { stands: "missing" } as const;
/** Nothing there, nothing to be seen from here, or a name that cannot be. */
const unseen = new Set(["ENOENT", "ENOTDIR", "EACCES", "ENAMETOOLONG", "ELOOP"]);

function inspect(path: string): PathFact {
  for (let looks = 0; looks < limits.fsExchanges; looks++) {
    const fact = lookAt(path);
    if (fact !== null) return fact;
  }
  throw new SandboxRefusal(`the sandbox cannot tell what \`${path}\` is: it is exchanged all the time`);
}

/** Null: it became something else while it was looked at. */
function lookAt(path: string): PathFact | null {
  try {
    const found = lstatSync(path, { throwIfNoEntry: false });
    return found === undefined ? missing : factOf(path, found);
  } catch (error) {
    if (error instanceof SandboxRefusal) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (unseen.has(code)) return missing;
    throw new SandboxRefusal(`the sandbox cannot tell what \`${path}\` is (${code})`, { cause: error });
  }
}

function factOf(path: string, found: Stats): PathFact | null {
  const { dev: device, ino: inode, nlink: links, birthtimeMs: born } = found;
  if (found.isSymbolicLink()) {
    const target = targetOf(path);
    return target === null ? null : { stands: "link", target, device, inode };
  }
  return { stands: found.isDirectory() ? "directory" : "file", device, inode, born, links };
}

/** Where a link leads; null: it is none any more. A rule for what it seems to say, with other bytes in it, would hold nothing. */
function targetOf(path: string): string | null {
  const target = linkText(path);
  if (target === null || isUtf8(target)) return target?.toString() ?? null;
  throw new SandboxRefusal(
    `\`${path}\` is a symbolic link to a name that is no UTF-8, which no rule can speak of`,
  );
}

function linkText(path: string): Buffer | null {
  try {
    return readlinkSync(path, { encoding: "buffer" });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EINVAL") return null;
    throw error;
  }
}

/** Nothing there, a link, or a socket. */
const noFile = new Set(["ENOENT", "ENOTDIR", "ELOOP", "ENXIO", "ENAMETOOLONG"]);
const gitLine = /^gitdir:[ \t]*(\S[^\r\n]*?)[ \t]*(?:\r?\n|$)/;

/**
 * Reads the one line of a `.git` file; null for what is none. Whoever may write there exchanges it as he likes: a pipe must
 * not hold us up, and a link leads nowhere. Throws SandboxRefusal for one that names a directory to others, and not to us.
 */
function gitDirectory(path: string): string | null {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    if (noFile.has(code)) return null;
    throw new SandboxRefusal(`the sandbox cannot tell which directory \`${path}\` names (${code})`, {
      cause,
    });
  }
  try {
    if (!fstatSync(descriptor).isFile()) return null;
    const bytes = Buffer.alloc(limits.sandboxGitFileBytes);
    const length = readSync(descriptor, bytes, 0, bytes.length, 0);
    const bare = gitLine.exec(bytes.toString("latin1", 0, length))?.[1];
    if (bare === undefined) return null;
    const name = Buffer.from(bare, "latin1");
    if (!isUtf8(name)) throw new SandboxRefusal(`\`${path}\` names a directory whose name is no UTF-8`);
    const named = name.toString();
    return normalPath(named.startsWith("/") ? named : childPath(parentPath(path), named));
  } finally {
    closeSync(descriptor);
  }
}
