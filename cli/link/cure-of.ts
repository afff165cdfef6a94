import { cureFor } from "../../core/environment/cure-for.ts";
import { EnvironmentUnavailableError } from "../../core/environment/environment-errors.ts";
import { variableId } from "./choose-destination.ts";

/** What helps against a failure to get somewhere, in the flags of the command line where it went by URL. */
export function cureOf(error: Error): string | undefined {
  const problem = saidBy(error);
  if (!(error instanceof EnvironmentUnavailableError)) return cureByUrl(problem) ?? cureFor(problem);
  const cure = cureFor(problem, error.environmentId);
  if (error.environmentId !== variableId || !tokenWanted.test(problem)) return cure;
  return "give the right token with CODEX_ENV_TOKEN, or token_file in codex-env.toml";
}

const tokenWanted = /HTTP status 40[13]\b/;

function cureByUrl(problem: string): string | undefined {
  if (tokenWanted.test(problem)) return "give the right token with --token-file or CODEX_ENV_TOKEN";
  return problem.includes("certificate is not trusted") ? "name its authority with --ca-file" : undefined;
}

/** Its message and those of its causes: what was left out of the one, since it was told, is in the other. */
function saidBy(error: Error): string {
  return error.cause instanceof Error ? `${error.message}\n${saidBy(error.cause)}` : error.message;
}
