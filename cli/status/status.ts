import { describeError } from "../describe-error.ts";
import { type ListedEnvironment, listEnvironments } from "../link/list-environments.ts";
import { SessionRegistry } from "../registry/session-registry.ts";
import { jsonLine } from "../terminal/json-line.ts";
import { printNotice, printResult } from "../terminal/print.ts";
import { describeSession } from "./describe-session.ts";
import { renderStatus } from "./render-status.ts";

/** Prints the environments and this user's sessions. Resolves to the exit code. */
export async function status(json: boolean): Promise<number> {
  const sessions = new SessionRegistry(process.env).list();
  let environments: readonly ListedEnvironment[] = [];
  let problem: string | undefined;
  try {
    environments = listEnvironments(process.env);
  } catch (error) {
    problem = describeError(error);
  }
  const text = json
    ? jsonLine({ environments, sessions: sessions.map(({ entry }) => describeSession(entry)) })
    : renderStatus({ environments, sessions }, Date.now());
  await printResult(text);
  if (problem === undefined) return 0;
  await printNotice(`codex-env status: ${problem}\n`);
  return 1;
}
