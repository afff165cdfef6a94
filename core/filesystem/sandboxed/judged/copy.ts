import { closeSync, readdirSync, symlinkSync } from "node:fs";
import { Errno } from "../../../host/errno.ts";
import { ErrorCode } from "../../../protocol/rpc-error.ts";
import { type Answer, withCleanup } from "../../answer.ts";
import { moveContent, refuseSameFile } from "../../local/copy-file.ts";
import { requireRegular } from "../../local/file-kind.ts";
import { openEntry } from "../../local/open-regular.ts";
import { joinPath, type NativePath, nativePath, parentPath, pathComponents } from "../../native-path.ts";
import { invalidInput, osFailure, toRpcError } from "../../os-error.ts";
import { Exchanged, whileExchanged } from "../exchanged.ts";
import type { Judge } from "../judge.ts";
import { foundAt, linkText, locate, openPlace, type Place } from "../locate.ts";
import { createJudged } from "./create-directory.ts";
import { openForWriting } from "./replace.ts";

interface Paths {
  readonly source: NativePath;
  readonly destination: NativePath;
}

/** Copies a file, a link as a link, or with `recursive` a directory; both sides are judged, entry by entry. */
export function copyJudged(
  judge: Judge,
  paths: Paths,
  options: { readonly recursive: boolean },
): Answer<void> {
  return whileExchanged(() => copyFound(judge, paths, options));
}

function copyFound(
  judge: Judge,
  { source, destination }: Paths,
  { recursive }: { readonly recursive: boolean },
): Answer<void> {
  using from = locate(judge, source, "link");
  const found = foundAt(from);
  if (!found.isDirectory()) return copyEntry(judge, source, destination);
  judge.requireWay(from.path);
  if (!recursive) throw invalidInput("fs/copy requires recursive: true when sourcePath is a directory");
  judge.requireKnown();
  if (contains(from.path, resolveExisting(judge, destination))) {
    throw invalidInput("fs/copy cannot copy a directory to itself or one of its descendants");
  }
  return copyTree(judge, source, destination);
}

async function copyTree(judge: Judge, source: NativePath, destination: NativePath): Promise<void> {
  makeDirectory(judge, destination);
  const pending: (readonly [NativePath, NativePath])[] = [[source, destination]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [from, to] = next;
    for (const name of whileExchanged(() => listNames(judge, from))) {
      const entry = joinPath(from, name);
      const target = joinPath(to, name);
      await whileExchanged(() => {
        if (!isDirectory(judge, entry)) return copyEntry(judge, entry, target, "tree");
        makeDirectory(judge, target);
        pending.push([entry, target]);
      });
    }
  }
}

/** In a tree other kinds than files and links are left out; alone they are refused. */
function copyEntry(
  judge: Judge,
  source: NativePath,
  destination: NativePath,
  within: "tree" | "alone" = "alone",
): Answer<void> {
  using from = locate(judge, source, "link");
  judge.requireRead(from.path);
  const found = foundAt(from);
  judge.refuseDenied(found);
  // It was none when it was looked at first.
  if (found.isDirectory()) throw new Exchanged();
  if (found.isSymbolicLink()) return copyLink(judge, from, destination);
  if (found.isFile()) return copyFile(judge, { from, source }, destination);
  if (within === "alone") {
    throw invalidInput("fs/copy only supports regular files, directories, and symlinks");
  }
}

function copyLink(judge: Judge, from: Place, destination: NativePath): void {
  using to = locate(judge, destination, "link");
  judge.requireWrite(to.path, to.found !== undefined);
  const text = linkText(from.entry);
  if (text === null) throw new Exchanged();
  symlinkSync(text, to.entry);
}

function copyFile(
  judge: Judge,
  { from, source }: { readonly from: Place; readonly source: NativePath },
  destination: NativePath,
): Answer<void> {
  const opened = openEntry(from.entry, (found) => {
    requireRegular(found, source);
    judge.refuseDenied(found);
  });
  return withCleanup(
    () => {
      using to = locate(judge, destination, "target");
      judge.requireFileWrite(to);
      if (to.found !== undefined) refuseSameFile(opened, { found: to.found }, { source, destination });
      const target = openForWriting(judge, to, { path: destination, mode: opened.found.mode & 0o777 });
      return withCleanup(
        () => moveContent(opened, target),
        () => closeSync(target.descriptor),
      );
    },
    () => closeSync(opened.descriptor),
  );
}

/** As `mkdir -p` on what is followed: a directory that is there must be one that may be written in. */
function makeDirectory(judge: Judge, path: NativePath): void {
  createJudged(judge, path, { recursive: true });
}

function isDirectory(judge: Judge, path: NativePath): boolean {
  using place = locate(judge, path, "link");
  return place.found?.isDirectory() ?? false;
}

function listNames(judge: Judge, path: NativePath): NativePath[] {
  using place = locate(judge, path, "link");
  if (!judge.isNamed(place.path)) throw osFailure(Errno.ENOENT);
  if (judge.standing(place.path).access === "deny") throw osFailure(Errno.EACCES);
  // It was a directory when it was looked at first.
  if (!foundAt(place).isDirectory()) throw new Exchanged();
  const descriptor = openPlace(place);
  try {
    const names = readdirSync(`/proc/self/fd/${descriptor}`, { encoding: "buffer" });
    return names.map((name) => nativePath(name)).filter((name) => judge.isNamed(joinPath(place.path, name)));
  } finally {
    closeSync(descriptor);
  }
}

/** The real path of the part that exists, and the rest as it is. */
function resolveExisting(judge: Judge, path: NativePath): NativePath {
  try {
    using place = locate(judge, path, "target");
    return place.path;
  } catch (cause) {
    const name = pathComponents(path).at(-1);
    if (toRpcError(cause).code !== ErrorCode.notFound || name === undefined) throw cause;
    return joinPath(resolveExisting(judge, parentPath(path)), name);
  }
}

function contains(directory: NativePath, destination: NativePath): boolean {
  const inner = pathComponents(destination);
  return pathComponents(directory).every((name, index) => {
    const other = inner[index];
    return other !== undefined && Buffer.from(name).equals(Buffer.from(other));
  });
}
