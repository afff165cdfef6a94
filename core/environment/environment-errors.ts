import { redactUserInfo } from "./redact-urls.ts";

/** The environment cannot be reached; the cause is kept. */
export class EnvironmentUnavailableError extends Error {
  override readonly name = "EnvironmentUnavailableError";
  readonly environmentId: string;
  constructor(environmentId: string, reason: string, options?: ErrorOptions) {
    super(`environment \`${environmentId}\` is not available: ${redactUserInfo(reason)}`, options);
    this.environmentId = environmentId;
  }
}

/** The session ended while something was asked of it; the next use opens a fresh one. */
export class EnvironmentLostError extends Error {
  override readonly name = "EnvironmentLostError";
  readonly environmentId: string;
  constructor(environmentId: string, reason: string, options?: ErrorOptions) {
    super(`environment \`${environmentId}\` was lost: ${redactUserInfo(reason)}`, options);
    this.environmentId = environmentId;
  }
}

/** No environment has this id. */
export class UnknownEnvironmentError extends Error {
  override readonly name = "UnknownEnvironmentError";
}

/** There is no default environment: one has to be named. */
export class EnvironmentsDisabledError extends Error {
  override readonly name = "EnvironmentsDisabledError";
}

/** The environment may not be used for this. */
export class CapabilityDisabledError extends Error {
  override readonly name = "CapabilityDisabledError";
}
