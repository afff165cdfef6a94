import { Secret } from "../../host/secret.ts";
import type {
  EnvironmentDefinition,
  EnvironmentOrigin,
  EnvironmentTransport,
  ReconnectSettings,
  TokenSource,
} from "../definition.ts";
import { defaultTimeoutMs } from "../plain-definition.ts";
import type { EnvironmentEntry } from "./environments-file.ts";
import type { EnvironmentExtras } from "./extras-file.ts";
import { resolveIn } from "./resolve-in.ts";

export interface DefinitionSource {
  readonly entry: EnvironmentEntry;
  readonly extras: EnvironmentExtras;
  /** CODEX_HOME: what relative paths start from. */
  readonly directory: string;
}

/** An entry that has passed every check, as the manager takes it. */
export function makeDefinition(source: DefinitionSource): EnvironmentDefinition {
  const { entry, extras } = source;
  const origin = originOf(extras);
  return {
    id: entry.id,
    transport: transportOf(source),
    initializeTimeoutMs: entry.initialize_timeout_sec ?? defaultTimeoutMs,
    requiredSkills: entry.skills?.required ?? [],
    reconnect: reconnectOf(extras),
    capabilities: {
      execEnabled: extras.exec_enabled ?? true,
      filesystemEnabled: extras.filesystem_enabled ?? true,
    },
    ...(origin === undefined ? {} : { origin }),
  };
}

/** What all have of whom codex-env.toml does not speak. */
const usualReconnect = { enabled: true };

function reconnectOf({ reconnect }: EnvironmentExtras): ReconnectSettings {
  if (reconnect === undefined) return usualReconnect;
  const { enabled = true, session_ttl_sec: ttl } = reconnect;
  return { enabled, ...(ttl === undefined ? {} : { sessionTtlSeconds: ttl }) };
}

function transportOf({ entry, extras, directory }: DefinitionSource): EnvironmentTransport {
  // What `codex-env dial ID` is for other clients goes straight there for us.
  const url = entry.url ?? extras.dial?.url;
  if (url !== undefined) {
    const token = tokenOf(entry, extras, directory);
    return {
      kind: "websocket",
      url: new Secret(url.trim()),
      headers: [...(extras.headers ?? [])].map(([name, value]) => ({ name, value: new Secret(value) })),
      connectTimeoutMs: entry.connect_timeout_sec ?? defaultTimeoutMs,
      ...(token === undefined ? {} : { token }),
      ...(extras.ca_file === undefined ? {} : { authoritiesFile: resolveIn(directory, extras.ca_file) }),
    };
  }
  return {
    kind: "command",
    argv:
      extras.dial?.program === undefined
        ? [(entry.program ?? "").trim(), ...(entry.args ?? [])]
        : [extras.dial.program.trim(), ...(extras.dial.args ?? [])],
    env: new Map([...(entry.env ?? [])].map(([name, value]) => [name, new Secret(value)])),
    // The published client takes `~` for a name like any other here.
    ...(entry.cwd === undefined ? {} : { cwd: resolveIn(directory, entry.cwd, { home: false }) }),
  };
}

function tokenOf(
  entry: EnvironmentEntry,
  extras: EnvironmentExtras,
  directory: string,
): TokenSource | undefined {
  if (extras.token_file !== undefined) return { kind: "file", path: resolveIn(directory, extras.token_file) };
  if (entry.auth_bearer_token === undefined) return undefined;
  return { kind: "value", token: new Secret(entry.auth_bearer_token) };
}

function originOf({ ssh, container }: EnvironmentExtras): EnvironmentOrigin | undefined {
  if (ssh?.destination !== undefined) {
    return { kind: "ssh", destination: ssh.destination, jump: ssh.jump ?? [] };
  }
  if (container?.engine === undefined || container.name === undefined) return undefined;
  return { kind: container.engine, name: container.name };
}
