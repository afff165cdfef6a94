/// <reference types="bun-types" preserve="true" />
/**
 * codex-env as a library: environments by name, and what can be done in one. This is all there is to import; adding a
 * name here is a promise.
 */

export type { EnvironmentInfo } from "../client/environment-info.ts";
export type { FileSystem, OpenFile } from "../filesystem/file-system.ts";
export { Secret } from "../host/secret.ts";
export type { HttpClient, HttpRequest, HttpResponse } from "../http/http-client.ts";
export type {
  EnvironmentProcess,
  ProcessBackend,
  ProcessEvent,
  ProcessSink,
  SignalName,
  StartSpec,
} from "../process/process-backend.ts";
export { RpcError } from "../protocol/rpc-error.ts";
export { DeadlineError } from "../rpc/caller.ts";
export { EffectUnknownError, LinkLostError, UnsupportedError } from "../rpc/remote-calls.ts";
export { EnvironmentConfigError } from "./config/config-error.ts";
export { configuredEnvironments } from "./configured-environments.ts";
export { type ConnectOptions, connect } from "./connect.ts";
export type {
  EnvironmentDefinition,
  EnvironmentSnapshot,
  EnvironmentTransport,
} from "./definition.ts";
export type { Environment } from "./environment.ts";
export type { EnvironmentCapabilities } from "./environment-capabilities.ts";
export {
  CapabilityDisabledError,
  EnvironmentLostError,
  EnvironmentsDisabledError,
  EnvironmentUnavailableError,
  UnknownEnvironmentError,
} from "./environment-errors.ts";
export { EnvironmentManager, type EnvironmentManagerOptions } from "./environment-manager.ts";
export { type EnvironmentState, reachState } from "./environment-state.ts";
export { loadSnapshot } from "./provider/load-snapshot.ts";
export { RegistrationRefusedError } from "./provider/refuse-registration.ts";
export { type RunOptions, run } from "./run.ts";
