import { realpath, stat } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";

/** Whether `path`, which need not be there yet, is the directory on this machine or lies in it, whatever links lead there. */
export async function liesWithin(directory: string, path: string): Promise<boolean> {
  const isDirectory = (await stat(directory).catch(() => undefined))?.isDirectory() ?? false;
  if (!isDirectory) return false;
  const way = relative(await realpath(directory), await realPlace(path));
  return way !== ".." && !way.startsWith("../");
}

/** The real path of what is there of it, and the rest as it is written. */
async function realPlace(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await realPlace(parent), basename(path));
  }
}
