import { readlink } from "node:fs/promises";
import { errnoOf } from "../../core/filesystem/os-error.ts";
import { Errno } from "../../core/host/errno.ts";

/** What is wrong with a local path that was not found, where it is a link to nothing; any other error as it is. */
export async function tellingDanglingLink(path: string, error: unknown): Promise<unknown> {
  if (errnoOf(error) !== Errno.ENOENT) return error;
  const target = await readlink(path).catch(() => undefined);
  if (target === undefined) return error;
  return new Error(`it is a link to ${target}, which is not there`, { cause: error });
}
