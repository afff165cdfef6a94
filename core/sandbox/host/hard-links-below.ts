import { lstatSync, type Stats } from "node:fs";
import { limits } from "../../limits.ts";
import type { HardLinks, SharedFile } from "../plan/host-facts.ts";
import { atOnce, type Look } from "./look.ts";
import { type HostName, readNames } from "./read-names.ts";

type Met = { -readonly [Key in keyof SharedFile]: SharedFile[Key] };

/** Walks a directory for files with more than one name. Links are not followed, and no further directory after `most` entries. */
export function hardLinksBelow(directory: string, most?: number): HardLinks {
  return atOnce(hardLinksLook(directory, most));
}

/** The same as a search that can pause. */
export function* hardLinksLook(directory: string, most: number = limits.sandboxScanEntries): Look<HardLinks> {
  const files = new Map<string, Met>();
  const unscanned: string[] = [];
  const waiting: HostName[] = [directory];
  let looked = 0;
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const names = looked >= most ? null : readNames(place);
    if (names === null) {
      if (unscanned.length < limits.sandboxPathsNamed) unscanned.push(String(place));
      continue;
    }
    looked += names.length;
    yield;
    for (const [index, { path, kind }] of names.entries()) {
      if (index % limits.fsEntriesPerTurn === limits.fsEntriesPerTurn - 1) yield;
      if (kind === "directory") waiting.push(path);
      else if (kind === "other" && !meet(files, path)) {
        // Its directory is not ours to pass.
        if (unscanned.length < limits.sandboxPathsNamed) unscanned.push(String(path));
      }
    }
  }
  return { files, unscanned };
}

/** False: it cannot be looked at. What has gone, with its directory perhaps, needs no look. */
function meet(files: Map<string, Met>, path: HostName): boolean {
  const found = look(path);
  if (found === null) return false;
  if (found === undefined || found.nlink < 2) return true;
  const identity = `${found.dev}:${found.ino}`;
  const known = files.get(identity);
  if (known === undefined) files.set(identity, { path: String(path), names: found.nlink, met: 1 });
  else known.met++;
  return true;
}

function look(path: HostName): Stats | undefined | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    return code === "ENOTDIR" || code === "ELOOP" ? undefined : null;
  }
}
