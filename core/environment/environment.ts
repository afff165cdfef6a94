import type { EnvironmentInfo } from "../client/environment-info.ts";
import type { FileSystem } from "../filesystem/file-system.ts";
import type { HttpClient } from "../http/http-client.ts";
import type { ProcessBackend } from "../process/process-backend.ts";
import type { EnvironmentCapabilities } from "./environment-capabilities.ts";
import type { EnvironmentState } from "./environment-state.ts";

/**
 * A machine by name: this one, or one behind a server, a program or a container. Who holds it cannot tell which by
 * what it does. Nothing is connected before the first use.
 *
 * What needs the environment rejects with EnvironmentUnavailableError while it cannot be reached, and with
 * EnvironmentLostError where its session ended on the way; the next use then opens a fresh session. Nothing is ever
 * done on another machine instead.
 */
export interface Environment {
  readonly id: string;
  readonly kind: "local" | "remote";
  /** Where it is, for people: free of secrets. */
  readonly label: string;
  readonly capabilities: EnvironmentCapabilities;
  readonly processes: ProcessBackend;
  readonly files: FileSystem;
  /** Null: it makes no HTTP requests for others. */
  readonly http: HttpClient | null;
  readonly state: EnvironmentState;
  /** Its shell, directories and platform; connects where nobody has. */
  info(): Promise<EnvironmentInfo>;
  /** The same asked anew, which takes a round trip and tells how it holds sandboxes. */
  askInfo(): Promise<EnvironmentInfo>;
  /** Resolves at the next change of {@link state}, with the new one. */
  nextState(): Promise<EnvironmentState>;
  /** Ends the session and every process in it. Later use is refused. */
  close(): Promise<void>;
}
