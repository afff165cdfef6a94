import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** `$XDG_STATE_HOME/codex-env`; a relative value there does not count, as its specification says. */
export function stateDirectory(variables: Readonly<Record<string, string | undefined>>): string {
  const base = variables["XDG_STATE_HOME"];
  const home = variables["HOME"] || homedir();
  return join(base && isAbsolute(base) ? base : join(home, ".local/state"), "codex-env");
}
