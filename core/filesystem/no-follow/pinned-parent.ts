import { closeSync, constants, existsSync, openSync } from "node:fs";
import { ErrorCode, RpcError } from "../../protocol/rpc-error.ts";
import { joinPath, type NativePath, pathComponents } from "../native-path.ts";
import { invalidInput } from "../os-error.ts";

/** Linux's O_PATH, which node's constants lack: a descriptor that only names a place. */
const oPath = 0o10000000;
const directoryFlags = oPath | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * The directory that holds a path's last component, held open, with no symbolic link on the way to it. `entry` names
 * the last component relative to that open directory (`/proc/self/fd/N/name` is the kernel's own openat), so renames
 * and swapped links elsewhere cannot redirect it. The last component itself is not looked at.
 */
export interface PinnedParent extends Disposable {
  readonly entry: NativePath;
}

/** Throws ENOTDIR through a link or a file, ENOENT through a missing directory. */
export function pinParent(path: NativePath): PinnedParent {
  const components = normalizedComponents(path);
  const name = components.pop();
  if (name === undefined) throw invalidInput("path must name an entry");
  const directory = openDirectories(components);
  return { entry: entryOf(directory, name), [Symbol.dispose]: () => closeSync(directory) };
}

/** The components of a path that holds no `.` and `..`. */
export function normalizedComponents(path: NativePath): NativePath[] {
  const components = pathComponents(path);
  if (components.some((part) => part === "." || part === "..")) {
    throw invalidInput("no-follow filesystem operations require a normalized path");
  }
  return components;
}

/** Opens the root directory to start from. */
export function openRoot(): number {
  requireProc();
  return openSync("/", directoryFlags);
}

/** Opens a child of an open directory, which must be a directory and no link. */
export function openChild(directory: number, name: NativePath): number {
  return openSync(entryOf(directory, name), directoryFlags);
}

/** Opens a directory by a path that is no link itself. */
export function openDirectory(entry: NativePath): number {
  return openSync(entry, directoryFlags);
}

/** The path of an open directory's entry. */
export function entryOf(directory: number, name: NativePath): NativePath {
  return joinPath(`/proc/self/fd/${directory}`, name);
}

function openDirectories(components: readonly NativePath[]): number {
  let directory = openRoot();
  for (const name of components) {
    const parent = directory;
    try {
      directory = openChild(parent, name);
    } finally {
      closeSync(parent);
    }
  }
  return directory;
}

/** Without /proc every such request would say "not found", which would be a lie. */
function requireProc(): void {
  if (existsSync("/proc/self/fd")) return;
  throw new RpcError(ErrorCode.internal, "followSymlinks: false needs /proc on this host");
}
