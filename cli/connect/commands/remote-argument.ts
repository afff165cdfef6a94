import { resolveRemote, uriToPath } from "../../../core/client/remote-path.ts";
import { DotCommandError } from "../dot-command.ts";
import type { Place } from "../place.ts";

/** A path as typed, seen from where lines run; `~` is the home directory of the environment. Throws DotCommandError. */
export function remoteArgument(at: Pick<Place, "client" | "shell">, word: string): string {
  if (word !== "~" && !word.startsWith("~/")) return resolveRemote(at.shell.cwd, word);
  const home = at.client.info.userHomeDir;
  if (!home) throw new DotCommandError("the server does not say where the home directory is");
  return resolveRemote("/", uriToPath(home) + word.slice(1));
}
