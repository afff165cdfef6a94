import { resolveRemote, uriToPath } from "../../../core/client/remote-path.ts";
import type { Place } from "../place.ts";

/** A path as typed, seen from where lines run; `~` is the home directory of the environment. */
export function remoteArgument(at: Pick<Place, "client" | "shell">, word: string): string {
  const home = at.client.info.userHomeDir;
  if (home && (word === "~" || word.startsWith("~/")))
    return resolveRemote("/", uriToPath(home) + word.slice(1));
  return resolveRemote(at.shell.cwd, word);
}
