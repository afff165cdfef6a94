import type { OutputSource } from "../process/spawned-process.ts";

/** A command with pipes for stdin, stdout and stderr, in a process group of its own. */
export interface Program {
  readonly stdout: Pick<OutputSource, "read">;
  readonly stderr: Pick<OutputSource, "read">;
  /** Resolves when the kernel has taken every byte; rejects once nobody can read it. */
  write(bytes: Uint8Array): Promise<void>;
  closeInput(): void;
  /** How it ended, as the end of a sentence: `exit code 3`. Never rejects. */
  readonly ended: Promise<string>;
  /** SIGTERM to its process group. */
  terminate(): void;
  /** SIGKILL to it and to all that descends from it; resolves when none of them is left. */
  [Symbol.asyncDispose](): Promise<void>;
}

export interface ProgramSpec {
  readonly argv: readonly [string, ...string[]];
  /** Laid over our own variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: ours. */
  readonly cwd?: string;
}
