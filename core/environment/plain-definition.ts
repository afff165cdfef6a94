import type { EnvironmentDefinition, EnvironmentTransport } from "./definition.ts";

/** What the published client waits for a connection, and for the answer to `initialize`. */
export const defaultTimeoutMs = 10_000;

/** The definition of an environment of which nothing is said but how it is reached. */
export function plainDefinition(id: string, transport: EnvironmentTransport): EnvironmentDefinition {
  return {
    id,
    transport,
    initializeTimeoutMs: defaultTimeoutMs,
    requiredSkills: [],
    reconnect: { enabled: true },
    capabilities: { execEnabled: true, filesystemEnabled: true },
  };
}
