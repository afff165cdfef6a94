import { HelperSlots } from "../filesystem/sandboxed/pool/helper-slots.ts";
import type { SandboxedRequestsOptions } from "../filesystem/sandboxed/sandboxed-requests.ts";
import { limits } from "../limits.ts";
import type { Spawner } from "../process/spawned-process.ts";
import type { Mechanism } from "../sandbox/mechanism.ts";
import { helperSpawner } from "./filesystem-helpers.ts";
import { sandboxFacts } from "./sandbox-facts.ts";

export interface FilesystemSandboxParts {
  readonly spawner: Spawner;
  readonly mechanism: () => Promise<Mechanism>;
  /** What `:tmpdir` stands for: the server's own. */
  readonly temporaryDirectory: string | undefined;
  readonly home: string | null;
}

/** How this server holds sandboxed filesystem requests: one for all its connections, each of which has its own helpers. */
export function filesystemSandbox(parts: FilesystemSandboxParts): SandboxedRequestsOptions {
  return {
    facts: () => sandboxFacts(parts.temporaryDirectory, parts.home),
    spawn: helperSpawner(parts.spawner, parts.mechanism),
    slots: new HelperSlots(),
    deadlineMs: limits.fsHelperRequestMs,
  };
}
