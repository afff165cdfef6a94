import { lstatSync, type Stats, statSync } from "node:fs";
import { limits } from "../../limits.ts";
import type { WalkOptions, WalkResult } from "../file-system.ts";
import { joinPath, type NativePath } from "../native-path.ts";
import { invalidInput, toRpcError } from "../os-error.ts";
import { canonicalize } from "./canonicalize.ts";
import { type DirectoryNames, type NamedEntry, readNames } from "./directory-names.ts";
import { WalkOutcome } from "./walk-outcome.ts";

interface Pending {
  readonly path: NativePath;
  readonly depth: number;
  /** Being read ahead. */
  names?: Promise<DirectoryNames>;
}

/** How a walk sees the disk. */
export interface WalkView {
  stat(path: NativePath): Pick<Stats, "isFile" | "isDirectory">;
  isLink(path: NativePath): boolean;
  canonicalize(path: NativePath): NativePath;
  /** Never rejects. */
  readNames(path: NativePath): Promise<DirectoryNames>;
}

const wholeDisk: WalkView = {
  stat: (path) => statSync(path),
  isLink: (path) => lstatSync(path).isSymbolicLink(),
  canonicalize,
  readNames,
};

/** Lists a tree breadth first, within the limits of the options; see PROTOCOL.md section 13 for the rules. */
export async function walk(
  root: NativePath,
  options: WalkOptions,
  view: WalkView = wholeDisk,
): Promise<WalkResult> {
  checkLimits(options);
  const found = view.stat(root);
  const isLink = view.isLink(root);
  const outcome = new WalkOutcome(options);
  if (!found.isDirectory() || (isLink && !options.followDirectorySymlinks)) return outcome.result;
  const visited = new Set([identity(root, options, view)]);
  const queue: Pending[] = [{ path: root, depth: 0 }];
  for (let at = 0; at < queue.length; at++) {
    readAhead(queue, at, view);
    const directory = queue[at];
    if (directory === undefined) break;
    const names = await directory.names;
    if (names === undefined) continue;
    if (names.kind === "failed") {
      if (!outcome.addError(directory.path, toRpcError(names.cause).message)) break;
      continue;
    }
    delete directory.names;
    if (!(await visitInTurns(directory, names.entries, { options, outcome, visited, queue, view }))) break;
  }
  return outcome.result;
}

interface Walk {
  readonly options: WalkOptions;
  readonly outcome: WalkOutcome;
  readonly visited: Set<string>;
  readonly queue: Pending[];
  readonly view: WalkView;
}

/** False: a limit ended the walk. A directory of many entries leaves room for other work. */
async function visitInTurns(
  directory: Pending,
  entries: readonly NamedEntry[],
  walking: Walk,
): Promise<boolean> {
  const { fsEntriesPerTurn } = limits;
  for (let start = 0; start < entries.length; start += fsEntriesPerTurn) {
    if (start > 0) await new Promise((resolve) => setImmediate(resolve));
    if (!visit(directory, entries.slice(start, start + fsEntriesPerTurn), walking)) return false;
  }
  return true;
}

function visit(
  directory: Pending,
  entries: readonly NamedEntry[],
  { options, outcome, visited, queue, view }: Walk,
): boolean {
  for (const entry of entries) {
    const path = joinPath(directory.path, entry.name);
    const kind = kindOf(entry, path, view);
    if (kind === "absent") continue;
    if (!outcome.countEntry()) return false;
    const isLink = entry.type === "link";
    if (kind === "other" || (isLink && (kind === "file" || !options.followDirectorySymlinks))) continue;
    if (!outcome.addEntry(path, kind)) return false;
    if (kind === "file" || directory.depth >= options.maxDepth) continue;
    if (options.pruneHiddenDirectories && isHidden(entry.name)) continue;
    let target: string;
    try {
      target = identity(path, options, view);
    } catch (cause) {
      if (!outcome.addError(path, toRpcError(cause).message)) return false;
      continue;
    }
    if (visited.has(target)) continue;
    visited.add(target);
    if (outcome.countDirectory()) queue.push({ path, depth: directory.depth + 1 });
  }
  return true;
}

/** Of a link its target's; one without a target counts as absent, as in a directory listing. */
function kindOf(
  { type }: NamedEntry,
  path: NativePath,
  view: WalkView,
): "file" | "directory" | "other" | "absent" {
  if (type !== "link" && type !== "unknown") return type;
  try {
    const found = view.stat(path);
    if (found.isDirectory()) return "directory";
    return found.isFile() ? "file" : "other";
  } catch {
    return "absent";
  }
}

/** What tells a directory from another: with links its real path, so that each one is entered once. */
function identity(path: NativePath, options: WalkOptions, view: WalkView): string {
  const real = options.followDirectorySymlinks ? view.canonicalize(path) : path;
  return typeof real === "string" ? real : `bytes:${real.toString("hex")}`;
}

function isHidden(name: NativePath): boolean {
  return typeof name === "string" ? name.startsWith(".") : name[0] === 0x2e;
}

/** Keeps a few of the next directories being read: a walk over many small ones is not one wait after another. */
function readAhead(queue: readonly Pending[], at: number, view: WalkView): void {
  const end = Math.min(queue.length, at + limits.fsWalkReadAhead);
  for (let index = at; index < end; index++) {
    const directory = queue[index];
    if (directory !== undefined) directory.names ??= view.readNames(directory.path);
  }
}

function checkLimits({ maxDepth, maxDirectories, maxEntries }: WalkOptions): void {
  if (maxDirectories === 0 || maxEntries === 0) {
    throw invalidInput("filesystem walk limits must be greater than zero");
  }
  const { fsWalkDepth, fsWalkDirectories, fsWalkEntries } = limits;
  if (maxDepth <= fsWalkDepth && maxDirectories <= fsWalkDirectories && maxEntries <= fsWalkEntries) return;
  throw invalidInput(
    `filesystem walk limits exceed maximums: depth=${fsWalkDepth}, directories=${fsWalkDirectories}, ` +
      `entries=${fsWalkEntries}`,
  );
}
