import { resolveRemote, uriToPath } from "../../../core/client/remote-path.ts";
import type { Repl } from "../repl.ts";

/** A path as typed, seen from the REPL's directory; `~` is the home directory of the environment. */
export function remoteArgument(repl: Repl, word: string): string {
  const home = repl.client.info.userHomeDir;
  if (home && (word === "~" || word.startsWith("~/")))
    return resolveRemote("/", uriToPath(home) + word.slice(1));
  return resolveRemote(repl.shell.cwd, word);
}
