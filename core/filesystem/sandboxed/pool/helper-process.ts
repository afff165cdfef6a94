import type { SandboxPlan } from "../../../sandbox/plan/sandbox-plan.ts";
import type { HelperRequest } from "../helper/operation.ts";

/** A helper that was started in its sandbox. */
export interface HelperProcess {
  /** Resolves when the kernel has taken it; rejects when nobody reads any more. */
  write(bytes: Uint8Array): Promise<void>;
  /** The next bytes of its standard output, null at the end. Never called while a call is pending. */
  read(): Promise<Uint8Array | null>;
  /** How it ended, and what it said on standard error. Never rejects. */
  readonly ended: Promise<{ readonly status: string; readonly words: string }>;
  /** Ends it and whatever it started, and lets go of its pipes. */
  kill(): void;
}

/** What a helper is started with. */
export interface HelperStart {
  /** Its descriptor 3; the caller closes its own. */
  readonly socket: number;
  /** The first request that it will get, which may be answered by who starts faster than it. */
  readonly first: HelperRequest;
}

/**
 * Starts a helper in the sandbox that a plan describes. Rejects with a SandboxRefusal, or with why it could not be
 * started.
 */
export type SpawnHelper = (plan: SandboxPlan, start: HelperStart) => Promise<HelperProcess>;
