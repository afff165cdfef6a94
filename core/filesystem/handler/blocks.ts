import { limits } from "../../limits.ts";
import { encodeBase64 } from "../../protocol/base64.ts";
import type { MethodParams } from "../../protocol/methods.ts";
import type { MethodResults } from "../../protocol/results.ts";
import { type Answer, andThen } from "../answer.ts";
import { invalidInput } from "../os-error.ts";
import type { FileHandles } from "./file-handles.ts";

/** Reads one block. A handle that failed to read is closed, as its next read would fail too. */
export function readBlock(
  handles: FileHandles,
  { handleId, offset, len }: MethodParams["fs/readBlock"],
): Answer<MethodResults["fs/readBlock"]> {
  checkBlockLength("read", len);
  const file = handles.get(handleId);
  const failed = (cause: unknown): never => {
    handles.close(handleId);
    throw cause;
  };
  try {
    const bytes = file.read(offset, len);
    const result = andThen(bytes, (chunk) => ({ chunk: encodeBase64(chunk), eof: chunk.byteLength < len }));
    return result instanceof Promise ? result.catch(failed) : result;
  } catch (cause) {
    return failed(cause);
  }
}

/** Writes one block at its offset; a handle that failed to write stays open. */
export function writeBlock(
  handles: FileHandles,
  { handleId, offset, chunk }: MethodParams["fs/writeBlock"],
): Answer<void> {
  checkBlockLength("write", chunk.byteLength);
  return handles.get(handleId).write(offset, chunk);
}

function checkBlockLength(action: "read" | "write", length: number): void {
  if (length >= 1 && length <= limits.fsBlockBytes) return;
  throw invalidInput(`file ${action} block length must be between 1 and ${limits.fsBlockBytes}`);
}
