import type { EnvironmentSnapshot, EnvironmentTransport } from "../../core/environment/definition.ts";
import type { EnvironmentManagerOptions } from "../../core/environment/environment-manager.ts";
import { plainDefinition } from "../../core/environment/plain-definition.ts";
import { Secret } from "../../core/host/secret.ts";

export const libraryOptions: EnvironmentManagerOptions = {
  clientName: "bench",
  version: "0",
  variables: process.env,
  cwd: "/",
};

const facts = { includeLocal: false, source: "the bench", warnings: [] };

export function oneEnvironment(transport: EnvironmentTransport): EnvironmentSnapshot {
  return { definitions: [plainDefinition("box", transport)], defaultId: "box", ...facts };
}

export function manyEnvironments(count: number, transport: EnvironmentTransport): EnvironmentSnapshot {
  const definitions = Array.from({ length: count }, (_, index) => plainDefinition(`box-${index}`, transport));
  return { definitions, defaultId: null, ...facts };
}

export function urlTransport(url: string): EnvironmentTransport {
  return { kind: "websocket", url: new Secret(url), headers: [], connectTimeoutMs: 10_000 };
}
