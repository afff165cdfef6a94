import type { Header } from "../client/target.ts";
import type { Secret } from "../host/secret.ts";
import type { EnvironmentCapabilities } from "./environment-capabilities.ts";

/** How an environment on another machine, or in a container, is reached. */
export type EnvironmentTransport =
  | {
      readonly kind: "websocket";
      /** ws://, wss:// or unix://, checked when it is dialled. People put secrets into URLs, so it prints as one. */
      readonly url: Secret;
      readonly token?: TokenSource;
      readonly headers: readonly Header[];
      /** PEM file of authorities to trust beside the usual ones. */
      readonly authoritiesFile?: string;
      readonly connectTimeoutMs: number;
    }
  | {
      readonly kind: "command";
      readonly argv: readonly [string, ...string[]];
      /** Laid over our own variables; values may be secrets. */
      readonly env: ReadonlyMap<string, Secret>;
      readonly cwd?: string;
    };

/** A bearer token, or the file that holds it and is read when it is needed. */
export type TokenSource =
  | { readonly kind: "value"; readonly token: Secret }
  | { readonly kind: "file"; readonly path: string };

/** Everything there is to know about a remote environment before it is used. */
export interface EnvironmentDefinition {
  readonly id: string;
  readonly transport: EnvironmentTransport;
  readonly initializeTimeoutMs: number;
  /** Skills that a thread needs from it. */
  readonly requiredSkills: readonly string[];
  readonly reconnect: ReconnectSettings;
  readonly capabilities: EnvironmentCapabilities;
  /** How `env add` was asked for it, for people. */
  readonly origin?: EnvironmentOrigin;
}

export interface ReconnectSettings {
  /** Whether a link that is cut is restored. */
  readonly enabled: boolean;
  /** How long the session should live without a link; absent: as long as the server likes. */
  readonly sessionTtlSeconds?: number;
}

/** What stands behind the program of an entry. */
export type EnvironmentOrigin =
  | { readonly kind: "ssh"; readonly destination: string; readonly jump: readonly string[] }
  | { readonly kind: "docker" | "podman" | "kubectl"; readonly name: string };

/** The environments as they were when a provider looked. */
export interface EnvironmentSnapshot {
  /** In the order of their source. Ids are unique, and none is `local`. */
  readonly definitions: readonly EnvironmentDefinition[];
  /** Null: environments are disabled unless named. */
  readonly defaultId: string | null;
  readonly includeLocal: boolean;
  /** What said so, for people: a path or the name of a variable. */
  readonly source: string;
  /** Sentences about what is odd and does no harm. */
  readonly warnings: readonly string[];
}

/** What the wire's documents call this machine. */
export const localId = "local";
