import { Secret } from "../../../core/client/secret.ts";
import type {
  EnvironmentDefinition,
  EnvironmentSnapshot,
  EnvironmentTransport,
} from "../../../core/environment/definition.ts";
import type { EnvironmentManagerOptions } from "../../../core/environment/environment-manager.ts";
import { ourServerCommand } from "../../support/our-program.ts";

/** A definition with everything that a test does not care about. */
export function define(
  id: string,
  transport: EnvironmentTransport,
  more: Partial<EnvironmentDefinition> = {},
): EnvironmentDefinition {
  return {
    id,
    transport,
    initializeTimeoutMs: 10_000,
    requiredSkills: [],
    reconnect: { enabled: true },
    capabilities: { execEnabled: true, filesystemEnabled: true },
    ...more,
  };
}

export function atUrl(url: string): EnvironmentTransport {
  return { kind: "websocket", url: new Secret(url), headers: [], connectTimeoutMs: 10_000 };
}

export function byProgram(argv: readonly [string, ...string[]]): EnvironmentTransport {
  return { kind: "command", argv, env: new Map() };
}

/** Our server on its stdio, behind a shell script where one is given. */
export function stdioServer(script = ""): EnvironmentTransport {
  return byProgram([
    "/bin/sh",
    "-c",
    `${script}\nexec "$@"`,
    "sh",
    ...ourServerCommand(),
    "--listen",
    "stdio",
  ]);
}

export function snapshotOf(
  definitions: readonly EnvironmentDefinition[],
  more: Partial<EnvironmentSnapshot> = {},
): EnvironmentSnapshot {
  return {
    definitions,
    defaultId: definitions[0]?.id ?? "local",
    includeLocal: true,
    source: "a test",
    warnings: [],
    ...more,
  };
}

export const managerOptions: EnvironmentManagerOptions = {
  clientName: "test",
  version: "0",
  variables: process.env,
  cwd: "/",
};
