import { readlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path/posix";
import type { FileSystem } from "../../core/filesystem/file-system.ts";
import { errnoOf } from "../../core/filesystem/os-error.ts";
import { Errno } from "../../core/host/errno.ts";
import { ErrorCode, RpcError } from "../../core/protocol/rpc-error.ts";

/** What is wrong with a local path that was not found, where it is a link to nothing; any other error as it is. */
export async function tellingDanglingLink(path: string, error: unknown): Promise<unknown> {
  if (errnoOf(error) !== Errno.ENOENT) return error;
  const target = await readlink(path).catch(() => undefined);
  if (target === undefined) return error;
  return new Error(`it is a link to ${target}, which is not there`, { cause: error });
}

/** The same of a path in an environment. The wire does not say where a link leads, only that there is one. */
export async function tellingRemoteDanglingLink(
  files: FileSystem,
  path: string,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof RpcError) || error.code !== ErrorCode.notFound) return error;
  try {
    const parent = (await files.canonicalize(dirname(path))).toString("utf8");
    await files.getMetadata(join(parent, basename(path)), { followSymlinks: false });
    return error;
  } catch (refusal) {
    const isLink = refusal instanceof RpcError && refusal.code === ErrorCode.invalidRequest;
    return isLink ? new Error("it is a link to something that is not there", { cause: error }) : error;
  }
}
