import type { EnvironmentInfo } from "./environment-info.ts";
import { uriToPath } from "./remote-path.ts";

/** Where commands and relative paths begin in an environment: as its server says, else at the root. */
export function startDirectory({ cwd, userHomeDir }: Pick<EnvironmentInfo, "cwd" | "userHomeDir">): string {
  return uriToPath(cwd ?? userHomeDir ?? "/");
}
