import { closeSync } from "node:fs";
import { limits } from "../../limits.ts";
import { ErrorCode, RpcError } from "../../protocol/rpc-error.ts";
import { type Answer, andThen, withCleanup } from "../answer.ts";
import type { FollowOption } from "../file-system.ts";
import { type NativePath, pathText } from "../native-path.ts";
import { invalidInput } from "../os-error.ts";
import { readFully } from "./descriptor-io.ts";
import { type OpenedFile, openForReading } from "./open-regular.ts";

/** The most bytes whose base64 fits one answer frame. */
export const readFileAnswerBytes =
  Math.floor((limits.outgoingFrameBytes - limits.fsAnswerOverheadBytes) / 4) * 3;

/** Files that tell no size (procfs) are read to their end from this much on. */
const unknownSizeBytes = 64 * 1024;

/** The content of a regular file. */
export function readFile(path: NativePath, { followSymlinks = true }: FollowOption): Answer<Uint8Array> {
  const file = openForReading(path, followSymlinks);
  return withCleanup(
    () => readOpened(file, path),
    () => closeSync(file.descriptor),
  );
}

/** The content of an open file, from its start; `path` is for messages. The caller closes it. */
export function readOpened(file: OpenedFile, path: NativePath): Answer<Uint8Array> {
  const { size } = file.found;
  refuseTooLarge(size);
  // One byte more than the size: that the file ends where it said shows in the same call.
  const target = Buffer.allocUnsafeSlow(size === 0 ? unknownSizeBytes : size + 1);
  return andThen(readFully(file.descriptor, target, null), (count) => {
    if (count === target.byteLength) return readRest(file.descriptor, target);
    refuseShrunk(file, path, count);
    return target.subarray(0, count);
  });
}

/** The file is longer than it said: it grows, or tells no size. `first` is full. */
async function readRest(descriptor: number, first: Buffer): Promise<Uint8Array> {
  let content = first;
  let filled = first.byteLength;
  while (filled === content.byteLength) {
    refuseTooLarge(filled);
    const larger = Buffer.allocUnsafeSlow(content.byteLength * 2);
    content.copy(larger);
    content = larger;
    filled += await readFully(descriptor, content.subarray(filled), null);
  }
  refuseTooLarge(filled);
  return content.subarray(0, filled);
}

function refuseTooLarge(bytes: number): void {
  if (bytes > limits.fsReadFileBytes) {
    throw invalidInput(`file is too large to read: limit is ${limits.fsReadFileBytes} bytes`);
  }
  if (bytes <= readFileAnswerBytes) return;
  throw invalidInput(
    `file of ${bytes} bytes is too large for one fs/readFile answer: the limit is ${readFileAnswerBytes} bytes ` +
      `(${limits.outgoingFrameBytes} bytes a frame); read it in blocks with fs/open and fs/readBlock`,
  );
}

/** Fewer bytes than the size says: the file was cut meanwhile. */
function refuseShrunk({ found }: OpenedFile, path: NativePath, count: number): void {
  if (count >= found.size || isPageOfSysfs(found)) return;
  throw new RpcError(
    ErrorCode.internal,
    `path \`${pathText(path)}\` was cut while it was read: ${count} of ${found.size} bytes`,
  );
}

/** sysfs says one page for whatever it holds, and takes no room for it. The largest pages are 64 KiB. */
function isPageOfSysfs({ size, blocks }: OpenedFile["found"]): boolean {
  return blocks === 0 && size <= 64 * 1024;
}
