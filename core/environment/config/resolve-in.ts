import { resolve } from "node:path";
import { homeDirectory } from "../../host/home-directory.ts";

/** A path of a file of ours as an absolute one: `~/` is the home directory, a relative path starts in `directory`. */
export function resolveIn(
  directory: string,
  path: string,
  { home = true }: { readonly home?: boolean } = {},
): string {
  const account = home && path.startsWith("~/") ? homeDirectory() : undefined;
  if (account !== undefined) return resolve(account, path.slice(2));
  return resolve(directory, path);
}
