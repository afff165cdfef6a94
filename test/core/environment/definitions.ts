import type {
  EnvironmentDefinition,
  EnvironmentSnapshot,
  EnvironmentTransport,
} from "../../../core/environment/definition.ts";
import type { Environment } from "../../../core/environment/environment.ts";
import {
  EnvironmentManager,
  type EnvironmentManagerOptions,
} from "../../../core/environment/environment-manager.ts";
import { plainDefinition } from "../../../core/environment/plain-definition.ts";
import { Secret } from "../../../core/host/secret.ts";
import type { EnvironmentProcess } from "../../../core/process/process-backend.ts";
import { ourServerCommand } from "../../support/our-program.ts";

/** A definition with everything that a test does not care about. */
export function define(
  id: string,
  transport: EnvironmentTransport,
  more: Partial<EnvironmentDefinition> = {},
): EnvironmentDefinition {
  return { ...plainDefinition(id, transport), ...more };
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

/** An environment that nothing answers for. */
export const dead = (id: string): EnvironmentDefinition => define(id, atUrl("ws://127.0.0.1:1"));

export function manage(
  definitions: readonly EnvironmentDefinition[],
  more: Partial<EnvironmentSnapshot> = {},
): EnvironmentManager {
  return new EnvironmentManager(snapshotOf(definitions, more), managerOptions);
}

/** What a promise rejects with, or undefined. */
export function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** Starts a shell script without looking at its output. */
export function startScript(
  { processes }: Environment,
  script: string,
  lost: (reason: string) => void = () => {},
): Promise<EnvironmentProcess> {
  const stdio = { kind: "pipes", stdin: false } as const;
  return processes.start(
    { argv: ["/bin/sh", "-c", script], cwd: "file:///", env: {}, inherit: "all", stdio },
    (event) => {
      if (event.kind === "lost") lost(event.reason);
      return undefined;
    },
  );
}
