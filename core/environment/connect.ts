import { Secret } from "../host/secret.ts";
import type { EnvironmentTransport } from "./definition.ts";
import type { Environment } from "./environment.ts";
import { defaultTimeoutMs, plainDefinition } from "./plain-definition.ts";
import { RemoteEnvironment } from "./remote-environment.ts";

export interface ConnectOptions {
  /** What errors call it; default `remote`. */
  readonly id?: string;
  readonly token?: Secret;
  /** How we introduce ourselves to the server. */
  readonly clientName?: string;
  /** How long to wait for the connection, and for the first answer, ms; default 10 s each. */
  readonly timeoutMs?: number;
}

/**
 * The environment of an exec-server at `ws://`, `wss://` or `unix://`, connected. Close it when it is no longer
 * needed. Rejects with EnvironmentUnavailableError.
 */
export async function connect(url: string, options: ConnectOptions = {}): Promise<Environment> {
  const { id = "remote", token, clientName = "codex-env library", timeoutMs = defaultTimeoutMs } = options;
  const transport: EnvironmentTransport = {
    kind: "websocket",
    url: new Secret(url),
    headers: [],
    connectTimeoutMs: timeoutMs,
    ...(token === undefined ? {} : { token: { kind: "value", token } }),
  };
  const environment = new RemoteEnvironment(
    { ...plainDefinition(id, transport), initializeTimeoutMs: timeoutMs },
    { clientName },
  );
  try {
    await environment.info();
    return environment;
  } catch (error) {
    // Whoever was not given it cannot close it.
    await environment.close();
    throw error;
  }
}
