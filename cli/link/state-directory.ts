import { isAbsolute, join } from "node:path";
import { homeDirectory } from "../../core/host/home-directory.ts";

/**
 * `$XDG_STATE_HOME/codex-env`; a relative value there does not count, as its specification says. Without a home
 * directory it is a place where nothing can be: what is kept there is kept for nobody's work to depend on.
 */
export function stateDirectory(variables: Readonly<Record<string, string | undefined>>): string {
  const base = variables["XDG_STATE_HOME"];
  if (base && isAbsolute(base)) return join(base, "codex-env");
  const home = homeDirectory(variables);
  return home === undefined ? "/dev/null/codex-env" : join(home, ".local/state/codex-env");
}
