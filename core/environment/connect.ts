import { Secret } from "../host/secret.ts";
import type { Environment } from "./environment.ts";
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

const usualTimeoutMs = 10_000;

/**
 * The environment of an exec-server at `ws://`, `wss://` or `unix://`, connected. Close it when it is no longer
 * needed. Rejects with EnvironmentUnavailableError.
 */
export async function connect(url: string, options: ConnectOptions = {}): Promise<Environment> {
  const { id = "remote", token, clientName = "codex-env library", timeoutMs = usualTimeoutMs } = options;
  const environment = new RemoteEnvironment(
    {
      id,
      transport: {
        kind: "websocket",
        url: new Secret(url),
        headers: [],
        connectTimeoutMs: timeoutMs,
        ...(token === undefined ? {} : { token: { kind: "value", token } }),
      },
      initializeTimeoutMs: timeoutMs,
      requiredSkills: [],
      reconnect: { enabled: true },
      capabilities: { execEnabled: true, filesystemEnabled: true },
    },
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
