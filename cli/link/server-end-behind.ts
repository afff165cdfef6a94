import type { ExecClient } from "../../core/client/connect-client.ts";
import { limits } from "../../core/limits.ts";

/** 128 + SIGKILL. */
const killed = 137;

/**
 * Why the session was lost, where that is what a command died of: a server that is told to end kills its commands, and
 * says a moment later that it is gone.
 */
export async function serverEndBehind(
  exitCode: number,
  client: Pick<ExecClient, "state">,
): Promise<string | undefined> {
  if (exitCode !== killed) return undefined;
  const until = performance.now() + limits.serverEndNoticeMs;
  while (client.state.kind === "ready" && performance.now() < until) await Bun.sleep(5);
  const { state } = client;
  return state.kind === "lost" ? state.reason : undefined;
}
