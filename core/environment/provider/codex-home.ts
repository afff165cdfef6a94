import { homedir } from "node:os";
import { join, resolve } from "node:path";

type Variables = Readonly<Record<string, string | undefined>>;

/** CODEX_HOME, or `.codex` in the home directory. */
export function codexHome(variables: Variables): string {
  const named = variables["CODEX_HOME"];
  if (named !== undefined && named !== "") return resolve(named);
  return join(variables["HOME"] || homedir(), ".codex");
}
