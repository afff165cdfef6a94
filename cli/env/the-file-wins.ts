import { warn } from "./warn.ts";

/** Once the file is there, the variable no longer counts, which surprises who set it. */
export async function sayThatTheFileWins(
  variables: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  if ((variables["CODEX_EXEC_SERVER_URL"] ?? "").trim() === "") return;
  await warn(["CODEX_EXEC_SERVER_URL is set and counts for nothing now: environments.toml wins"]);
}
