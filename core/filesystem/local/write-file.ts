import {
  closeSync,
  constants,
  ftruncateSync,
  lstatSync,
  openSync,
  readlinkSync,
  type Stats,
  statSync,
} from "node:fs";
import { Errno } from "../../host/errno.ts";
import { limits } from "../../limits.ts";
import { type Answer, andThen, withCleanup } from "../answer.ts";
import type { FollowOption } from "../file-system.ts";
import { joinPath, type NativePath, nativePath, parentPath } from "../native-path.ts";
import { pinParent } from "../no-follow/pinned-parent.ts";
import { invalidInput, osFailure } from "../os-error.ts";
import { canonicalize } from "./canonicalize.ts";
import { writeFully } from "./descriptor-io.ts";
import { notRegular, requireRegular } from "./file-kind.ts";
import { isOpenHere } from "./open-inodes.ts";
import { checkOpened, type OpenedFile, openFlags, requirePlain } from "./open-regular.ts";
import { replaceFile } from "./replace-file.ts";

const setIdBits = 0o6000;
/** The smallest page of the machines this runs on. */
const pageBytes = 4096;

/** Creates a file or gives it new content, in one step where that keeps what writing in place keeps. */
export function writeFile(
  path: NativePath,
  bytes: Uint8Array,
  { followSymlinks = true }: FollowOption,
): Answer<void> {
  if (!followSymlinks) return writeNoFollow(path, bytes);
  const own = lstatSync(path, { throwIfNoEntry: false });
  if (own === undefined) return createFile(path, bytes);
  const found = own.isSymbolicLink() ? statSync(path, { throwIfNoEntry: false }) : own;
  if (found === undefined) return createFile(danglingTarget(path), bytes);
  return writeExisting({ path, found, viaLink: own.isSymbolicLink() }, bytes);
}

interface Existing {
  readonly path: NativePath;
  readonly found: Stats;
  readonly viaLink: boolean;
}

function writeExisting({ path, found, viaLink }: Existing, bytes: Uint8Array): Answer<void> {
  if (found.isDirectory()) throw osFailure(Errno.EISDIR);
  // Opening a FIFO that somebody reads, and closing it again, would end his stream.
  if (found.isFIFO() || found.isSocket()) throw notRegular(found, path);
  const descriptor = openSync(path, constants.O_WRONLY | openFlags);
  if (!found.isFile()) return writeDevice(descriptor, bytes);
  const file = checkOpened(descriptor, (opened) => requireRegular(opened, path));
  return overwrite(file, viaLink ? canonicalize(path) : path, bytes);
}

function writeNoFollow(path: NativePath, bytes: Uint8Array): Answer<void> {
  const parent = pinParent(path);
  return withCleanup(
    () => writeEntry(parent.entry, bytes),
    () => parent[Symbol.dispose](),
  );
}

function writeEntry(entry: NativePath, bytes: Uint8Array): Answer<void> {
  const own = lstatSync(entry, { throwIfNoEntry: false });
  if (own === undefined) return createFile(entry, bytes);
  if (own.isSymbolicLink()) throw osFailure(Errno.ELOOP);
  if (own.isDirectory()) throw osFailure(Errno.EISDIR);
  if (own.isFIFO() || own.isSocket()) throw osFailure(Errno.ENXIO);
  requirePlain(own);
  const descriptor = openSync(entry, constants.O_WRONLY | constants.O_NOFOLLOW | openFlags);
  return overwrite(checkOpened(descriptor, requirePlain), entry, bytes);
}

/**
 * Writes a regular file that is found in an open directory, and creates it where nothing is. Other names of the file
 * keep the content that they have.
 */
export function writeAlone(entry: NativePath, found: Stats | undefined, bytes: Uint8Array): Answer<void> {
  if (found === undefined || found.nlink === 1) return writeEntry(entry, bytes);
  const descriptor = openSync(entry, constants.O_WRONLY | constants.O_NOFOLLOW | openFlags);
  const file = checkOpened(descriptor, requirePlain);
  return withCleanup(
    () =>
      andThen(replaceFile(entry, bytes, file), (outcome) => {
        if (outcome === "impossible") throw hasOtherNames();
      }),
    () => closeSync(file.descriptor),
  );
}

/** Writing it in place would write what lies under the other names, too. */
function hasOtherNames(): Error {
  return invalidInput("the file has other names (hard links) and cannot be replaced alone");
}

/** `target` is the file's own name, with no link as its last component. */
function overwrite(file: OpenedFile, target: NativePath, bytes: Uint8Array): Answer<void> {
  return withCleanup(
    () => {
      if (isOneStep(file.found, bytes)) return writeFully(file.descriptor, bytes, 0);
      if (!isReplaceable(file.found)) return writeInPlace(file.descriptor, bytes);
      const replaced = replaceFile(target, bytes, file);
      return andThen(replaced, (outcome) => {
        if (outcome === "impossible") return writeInPlace(file.descriptor, bytes);
      });
    },
    () => closeSync(file.descriptor),
  );
}

/** Within its first page and not shorter than before: the kernel takes it whole or not at all, so nothing can tear. */
function isOneStep(found: Stats, bytes: Uint8Array): boolean {
  return found.size <= bytes.byteLength && bytes.byteLength <= pageBytes;
}

/** A second name, a set-id bit or an open handle of ours would stay with the old file. */
function isReplaceable(found: Stats): boolean {
  return found.nlink === 1 && (found.mode & setIdBits) === 0 && !isOpenHere(found);
}

/** The content first, then the length: a reader never sees the file empty. */
function writeInPlace(descriptor: number, bytes: Uint8Array): Answer<void> {
  return andThen(writeFully(descriptor, bytes, 0), () => ftruncateSync(descriptor, bytes.byteLength));
}

function createFile(target: NativePath, bytes: Uint8Array): Answer<void> {
  return andThen(replaceFile(target, bytes, null), (outcome) => {
    if (outcome === "impossible") return createInPlace(target, bytes);
  });
}

/** Where only the temporary name was refused this still works; else it says what is wrong. */
function createInPlace(target: NativePath, bytes: Uint8Array): Answer<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW | openFlags;
  const file = checkOpened(openSync(target, flags, 0o666), (opened) => requireRegular(opened, target));
  return withCleanup(
    () => writeInPlace(file.descriptor, bytes),
    () => closeSync(file.descriptor),
  );
}

function writeDevice(descriptor: number, bytes: Uint8Array): Answer<void> {
  return withCleanup(
    () => writeFully(descriptor, bytes, null),
    () => closeSync(descriptor),
  );
}

/** Where the last link of a chain points: the file that writing through it creates. */
function danglingTarget(path: NativePath): NativePath {
  let target = path;
  for (let links = 0; links <= limits.fsLinks; links++) {
    if (!lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink()) return target;
    const link = nativePath(readlinkSync(target, { encoding: "buffer" }));
    const absolute = typeof link === "string" ? link.startsWith("/") : link[0] === 0x2f;
    target = absolute ? link : joinPath(parentPath(target), link);
  }
  throw osFailure(Errno.ELOOP);
}
