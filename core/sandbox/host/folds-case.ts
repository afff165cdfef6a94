import { lstatSync, readdirSync, type Stats } from "node:fs";
import { childPath, parentPath } from "../plan/lexical-path.ts";

/**
 * Tells of a path whether names beside it mean the same in whatever case, as on disks of Windows and macOS, also where
 * those are shared into a virtual machine or a container. Each directory is asked once.
 */
export function caseFinder(): (path: string) => boolean {
  const known = new Map<string, boolean>();
  return (path) => {
    const directory = parentPath(path);
    const folds = known.get(directory) ?? foldsBeside(path);
    known.set(directory, folds);
    return folds;
  };
}

function foldsBeside(path: string): boolean {
  const directory = parentPath(path);
  const found = look(directory);
  if (found === undefined) return directory !== "/" && foldsBeside(directory);
  return isSameInOtherCase(path) ?? foldsLikeParent(directory, found) ?? foldsInside(directory) ?? false;
}

/** What a directory is called says what its file system does, unless another one is mounted there. */
function foldsLikeParent(directory: string, found: Stats): boolean | undefined {
  if (directory === "/" || look(parentPath(directory))?.dev !== found.dev) return undefined;
  return isSameInOtherCase(directory);
}

function foldsInside(directory: string): boolean | undefined {
  for (const name of namesIn(directory)) {
    const folds = isSameInOtherCase(childPath(directory, name));
    if (folds !== undefined) return folds;
  }
  return undefined;
}

/** Undefined: it does not tell, since nothing stands there, or what has several names anyway, or no case. */
function isSameInOtherCase(path: string): boolean | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const other = name.toUpperCase() === name ? name.toLowerCase() : name.toUpperCase();
  const found = other === name ? undefined : look(path);
  if (found === undefined || (found.nlink > 1 && !found.isDirectory())) return undefined;
  const again = look(childPath(parentPath(path), other));
  return again !== undefined && again.ino === found.ino && again.dev === found.dev;
}

function look(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    // Below a file, or where we may not look.
    return undefined;
  }
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
