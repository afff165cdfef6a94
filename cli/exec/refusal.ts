import { uriToPath } from "../../core/client/remote-path.ts";
import { RpcError } from "../../core/protocol/rpc-error.ts";
import { describeError } from "../describe-error.ts";
import { type Failure, startFailure } from "../link/failure.ts";
import { sanitise } from "../terminal/sanitise.ts";

export interface Attempt {
  readonly argv: readonly [string, ...string[]];
  /** A file URI. */
  readonly cwd: string;
}

/**
 * Why the command was not started. A server that misses a file says so in the same words whether it is the program or
 * the directory, so both are named before what it says. Undefined for anything that is a bug of ours.
 */
export function refusal(error: unknown, { argv, cwd }: Attempt): Failure | undefined {
  const failure = startFailure(error);
  if (failure === undefined || !(error instanceof RpcError)) return failure;
  const where = sanitise(uriToPath(cwd));
  return {
    ...failure,
    sentence: `${sanitise(argv[0])} was not started in ${where}: ${describeError(error)}`,
  };
}
