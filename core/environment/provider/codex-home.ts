import { join, resolve } from "node:path";
import { homeDirectory } from "../../host/home-directory.ts";
import { EnvironmentConfigError } from "../config/config-error.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** CODEX_HOME, or `.codex` in the home directory. Throws EnvironmentConfigError where there is neither. */
export function codexHome(variables: Variables): string {
  const named = variables["CODEX_HOME"];
  if (named !== undefined && named !== "") return resolve(named);
  const home = homeDirectory(variables);
  if (home !== undefined) return join(home, ".codex");
  throw new EnvironmentConfigError(
    "where environments are configured is not known: HOME is not set, and this account has no home directory; set HOME or CODEX_HOME",
    { path: "environments.toml" },
  );
}
