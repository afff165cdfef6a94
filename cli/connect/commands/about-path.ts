import { RpcError } from "../../../core/protocol/rpc-error.ts";

/** The environment refused something about a path, which the message names. */
class PathRefusedError extends Error {
  override readonly name = "PathRefusedError";
}

/** Waits for work on a path of the environment. An answer that refuses names no path by itself. */
export async function aboutPath<T>(path: string, work: T | PromiseLike<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof RpcError) || error.message.includes(path)) throw error;
    throw new PathRefusedError(`${path}: ${inOurWords(error.message)}`, { cause: error });
  }
}

/** The protocol's name for what is a flag here. */
function inOurWords(message: string): string {
  return message.includes("requires recursive") ? "it is a directory; -r copies directories" : message;
}
