import { limits } from "../../limits.ts";
import { InstallError } from "./install-error.ts";
import { clearVersions } from "./target-scripts.ts";
import { startScript, type TargetShell } from "./target-shell.ts";

export interface VersionDirectories {
  /** Where all versions lie; an absolute path. */
  readonly directory: string;
  /** The one that is used from now on. */
  readonly current: string;
}

/**
 * Removes versions over there that nobody has used for long: never the current one, the newest ones, or one that a
 * process runs from. Resolves to the names of those that went; that they stay is no reason to fail.
 */
export async function removeUnusedVersions(
  shell: TargetShell,
  { directory, current }: VersionDirectories,
): Promise<readonly string[]> {
  const numbers = [limits.installVersionsKept, limits.installUnusedDays, limits.installRemovedAtOnce];
  const removed: string[] = [];
  try {
    await using talk = await startScript(shell, clearVersions, [directory, current, ...numbers.map(String)]);
    talk.closeInput();
    for (let answer = await talk.next(); answer.word !== "end"; answer = await talk.next()) {
      if (answer.word === "removed") removed.push(answer.rest);
    }
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
  }
  return removed;
}
