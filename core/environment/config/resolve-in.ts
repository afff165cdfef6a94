import { homedir } from "node:os";
import { resolve } from "node:path";

/** A path of a file of ours as an absolute one: `~/` is the home directory, a relative path starts in `directory`. */
export function resolveIn(
  directory: string,
  path: string,
  { home = true }: { readonly home?: boolean } = {},
): string {
  if (home && path.startsWith("~/")) return resolve(homedir(), path.slice(2));
  return resolve(directory, path);
}
