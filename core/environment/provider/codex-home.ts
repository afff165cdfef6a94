import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { homeDirectory } from "../../host/home-directory.ts";
import { systemReason } from "../../host/system-reason.ts";
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

/**
 * Where the files are not there: throws EnvironmentConfigError if CODEX_HOME names no directory, as the published client
 * does. A slip in it would otherwise run on this machine what is meant for another.
 */
export function requireNamedHome(variables: Variables): void {
  const named = variables["CODEX_HOME"];
  if (named === undefined || named === "") return;
  const wrong = whatIsWrong(named);
  if (wrong === undefined) return;
  const sentence = `CODEX_HOME points to ${JSON.stringify(named)}, but ${wrong}`;
  throw new EnvironmentConfigError(sentence, { path: named });
}

function whatIsWrong(path: string): string | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return "that path does not exist; codex-env env add makes it, or unset it";
    return found.isDirectory() ? undefined : "that path is not a directory";
  } catch (error) {
    return `it cannot be looked at: ${systemReason(error)}`;
  }
}
