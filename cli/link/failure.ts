import { EnvironmentConfigError } from "../../core/environment/config/config-error.ts";
import {
  CapabilityDisabledError,
  EnvironmentsDisabledError,
  EnvironmentUnavailableError,
} from "../../core/environment/environment-errors.ts";
import { InstallError } from "../../core/environment/install/install-error.ts";
import { RegistrationRefusedError } from "../../core/environment/provider/refuse-registration.ts";
import { RpcError } from "../../core/protocol/rpc-error.ts";
import { DeadlineError, LinkCutError, ProtocolViolationError } from "../../core/rpc/caller.ts";
import { LinkLostError } from "../../core/rpc/remote-calls.ts";
import { DialError } from "../../core/transport/dialed-connection.ts";
import { ExitCode } from "../exit-codes.ts";
import { sanitise } from "../terminal/sanitise.ts";
import { cureOf } from "./cure-of.ts";

/** A failure of our own: what to exit with and what to say. */
export interface Failure {
  readonly exitCode: ExitCode;
  readonly sentence: string;
}

/** What went wrong while the session was being opened, and what helps; undefined for anything that is a bug of ours. */
export function openFailure(error: unknown): Failure | undefined {
  const failure = plainFailure(error);
  const cure = failure !== undefined && isOfTheWay(error) ? cureOf(error) : undefined;
  return failure === undefined || cure === undefined
    ? failure
    : { ...failure, sentence: `${failure.sentence}; ${cure}` };
}

function isOfTheWay(error: unknown): error is Error {
  return (
    error instanceof DialError ||
    error instanceof EnvironmentUnavailableError ||
    error instanceof LinkCutError ||
    error instanceof DeadlineError
  );
}

/** The same without what helps. */
export function plainFailure(error: unknown): Failure | undefined {
  if (
    error instanceof DialError ||
    error instanceof EnvironmentsDisabledError ||
    error instanceof EnvironmentUnavailableError ||
    error instanceof CapabilityDisabledError ||
    error instanceof EnvironmentConfigError ||
    error instanceof InstallError ||
    error instanceof RegistrationRefusedError ||
    error instanceof LinkCutError ||
    error instanceof DeadlineError ||
    error instanceof ProtocolViolationError
  ) {
    return { exitCode: ExitCode.notConnected, sentence: sanitise(error.message) };
  }
  if (error instanceof RpcError) {
    return { exitCode: ExitCode.notConnected, sentence: `the server refused us: ${sanitise(error.message)}` };
  }
  return undefined;
}

/** What went wrong while a command was being started. */
export function startFailure(error: unknown): Failure | undefined {
  if (error instanceof RpcError) {
    return {
      exitCode: ExitCode.startRefused,
      sentence: `the command was not started: ${sanitise(error.message)}`,
    };
  }
  if (error instanceof LinkLostError) {
    return { exitCode: ExitCode.linkLost, sentence: `the link was lost: ${sanitise(error.message)}` };
  }
  return openFailure(error);
}
