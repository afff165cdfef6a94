import type { Params } from "../support/wire-client.ts";

type Members = Readonly<Record<string, unknown>>;

/** `process/start` params with an environment in which the usual programs are found. */
export function startParams(processId: string, argv: readonly string[], members: Members = {}): Params {
  return { processId, argv, cwd: "file:///tmp", env: { PATH: "/usr/bin:/bin" }, tty: false, ...members };
}

export const shell = (script: string): readonly string[] => ["/bin/sh", "-c", script];
