import { lstatSync } from "node:fs";
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
      else if (kind === "other") meet(files, path);
    }
  }
  return { files, unscanned };
}

function meet(files: Map<string, Met>, path: HostName): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.nlink < 2) return;
  const identity = `${found.dev}:${found.ino}`;
  const known = files.get(identity);
  if (known === undefined) files.set(identity, { path: String(path), names: found.nlink, met: 1 });
  else known.met++;
}
