import { closeSync, constants, fchmodSync, ftruncateSync, openSync, statSync } from "node:fs";
import { limits } from "../../limits.ts";
import { type Answer, andThen, withCleanup } from "../answer.ts";
import { type NativePath, pathText } from "../native-path.ts";
import { invalidInput } from "../os-error.ts";
import { readFully, writeFully } from "./descriptor-io.ts";
import { notRegular, requireRegular } from "./file-kind.ts";
import { checkOpened, type OpenedFile, openFlags } from "./open-regular.ts";

const { O_CREAT, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;

/** Copies content and mode of a regular file over `destination`, which is followed if it is a link. */
export function copyFile(source: NativePath, destination: NativePath): Answer<void> {
  const from = checkOpened(openSync(source, O_RDONLY | O_NOFOLLOW | openFlags), (found) =>
    requireRegular(found, source),
  );
  return withCleanup(
    () => copyOpened(from, source, destination),
    () => closeSync(from.descriptor),
  );
}

function copyOpened(from: OpenedFile, source: NativePath, destination: NativePath): Answer<void> {
  const to = openDestination(destination, from.found.mode & 0o777);
  return withCleanup(
    () => {
      refuseSameFile(from, to, { source, destination });
      return moveContent(from, to);
    },
    () => closeSync(to.descriptor),
  );
}

/** Empties the destination, if it is a regular file, and gives it the source's content and mode. */
export function moveContent(from: OpenedFile, to: OpenedFile): Answer<void> {
  const toFile = to.found.isFile();
  if (toFile) ftruncateSync(to.descriptor, 0);
  return andThen(copyContent(from, to), () => {
    if (toFile) fchmodSync(to.descriptor, from.found.mode & 0o7777);
  });
}

/** A FIFO would make the copy wait for a reader; other kinds are written to as the reference does. */
function openDestination(destination: NativePath, mode: number): OpenedFile {
  const before = statSync(destination, { throwIfNoEntry: false });
  if (before?.isFIFO()) throw notRegular(before, destination);
  const descriptor = openSync(destination, O_WRONLY | O_CREAT | openFlags, mode);
  return checkOpened(descriptor, (found) => {
    if (found.isFIFO()) throw notRegular(found, destination);
  });
}

/** Emptying the destination would empty the source: through a hard link, a link, or the very same name. */
export function refuseSameFile(
  from: Pick<OpenedFile, "found">,
  to: Pick<OpenedFile, "found">,
  paths: { source: NativePath; destination: NativePath },
): void {
  if (from.found.ino !== to.found.ino || from.found.dev !== to.found.dev) return;
  throw invalidInput(
    `fs/copy cannot copy a file onto itself: \`${pathText(paths.source)}\` and ` +
      `\`${pathText(paths.destination)}\` are the same file`,
  );
}

function copyContent(from: OpenedFile, to: OpenedFile): Answer<void> {
  if (from.found.size > limits.fsSynchronousBytes) return copyChunks(from, to);
  const content = Buffer.allocUnsafeSlow(Math.max(from.found.size, smallestChunk));
  return andThen(readFully(from.descriptor, content, null), (count) => {
    writeFully(to.descriptor, content.subarray(0, count), null);
    if (count === content.byteLength) return copyChunks(from, to);
  });
}

const smallestChunk = 4 * 1024;

/** The rest of the file, to wherever it ends by then. */
async function copyChunks(from: OpenedFile, to: OpenedFile): Promise<void> {
  const chunk = Buffer.allocUnsafeSlow(limits.fsCopyChunkBytes);
  for (;;) {
    const count = await readFully(from.descriptor, chunk, null);
    await writeFully(to.descriptor, chunk.subarray(0, count), null);
    if (count < chunk.byteLength) return;
  }
}
