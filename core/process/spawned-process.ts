import type { Mechanism } from "../sandbox/mechanism.ts";
import type { SandboxPlan } from "../sandbox/plan/sandbox-plan.ts";

/** How a process ended. `unknown` is said when the guardian that watched it died: no exit code is ever invented. */
export type ExitStatus =
  | {
      readonly kind: "exited";
      /** 0..255; 128 + n for a death by signal n. */
      readonly code: number;
    }
  | { readonly kind: "unknown"; readonly reason: string };

/** One output stream of a process, pulled: what is not read holds the child back. */
export interface OutputSource {
  readonly name: "stdout" | "stderr" | "pty";
  /** The next bytes (at most 128 KiB, owned by the caller), or null at EOF. Never called while a call is pending. */
  read(): Promise<Uint8Array | null>;
  /** Stops reading and closes the descriptor; a pending read answers null. */
  close(): void;
}

/** The write side of a child's stdin or PTY. */
export interface InputSink {
  /** Resolves when the kernel has taken every byte. Rejects with {@link InputClosedError} once nobody can read it. */
  write(bytes: Uint8Array): Promise<void>;
  /** EOF for a pipe. A PTY has no such thing: it sends the terminal's EOF character (VEOF). */
  end(): void;
  /** Gives up: pending writes reject, the descriptor is closed. */
  close(): void;
}

export class InputClosedError extends Error {
  override readonly name = "InputClosedError";
}

export type StdioPlan =
  | {
      readonly kind: "pipes";
      /** false: stdin is /dev/null. */
      readonly stdin: boolean;
    }
  | { readonly kind: "pty"; readonly rows: number; readonly columns: number }
  /** This process's own stdin, stdout and stderr: there is nothing to be read or written here. */
  | { readonly kind: "ours" };

/** A command as the operating system takes it; every rule of the wire has been applied already. */
export interface SpawnPlan {
  /** argv[0] is the program to look up (on `env`'s PATH when it has no slash). Not empty. */
  readonly argv: readonly [string, ...string[]];
  /** What the child sees as argv[0]; absent: argv[0] itself. */
  readonly arg0?: string;
  /** Working directory as raw bytes: names need not be UTF-8. */
  readonly cwd: Uint8Array | string;
  /** The child's whole environment, in order. Names may hold anything but NUL. */
  readonly env: readonly (readonly [name: string, value: string])[];
  readonly stdio: StdioPlan;
  /** Absent: it runs with this process's rights. */
  readonly sandbox?: ProcessSandbox;
  /** Further descriptors, which the child finds at 3, 4, ... in this order. The caller keeps and closes its own. */
  readonly inherited?: readonly number[];
  /** Descriptor of the program, instead of looking argv[0] up; argv[0] stays its name. */
  readonly executable?: number;
}

/** The sandbox that a child runs in. */
export interface ProcessSandbox {
  readonly plan: SandboxPlan;
  /** `seccomp`: the plan restricts the network only, and its filter is all there is. */
  readonly mechanism: Mechanism | { readonly kind: "seccomp" };
  /** The child refuses by itself what the plan denies and is not there: nothing is made on the host for it. */
  readonly judged?: boolean;
}

/** The OS refused the start: `errno` is Linux's number, `stage` is what was being done. */
export class SpawnError extends Error {
  override readonly name = "SpawnError";
  readonly errno: number;
  readonly stage: "cwd" | "exec" | "stdio";
  constructor(message: string, failure: { errno: number; stage: "cwd" | "exec" | "stdio" }) {
    super(message);
    this.errno = failure.errno;
    this.stage = failure.stage;
  }
}

/**
 * A running child and everything that descends from it. The child leads its own session and process group; whatever
 * it leaves behind (setsid, double fork, nohup) stays a descendant of its guardian, so that the tree has an end.
 */
export interface SpawnedProcess {
  readonly pid: number;
  readonly outputs: readonly OutputSource[];
  /** Absent when stdin is /dev/null. */
  readonly input?: InputSink;
  /** The leader's end; comes when it happens, whatever its descendants still hold. Never rejects. */
  readonly exited: Promise<ExitStatus>;
  /** The leader and every descendant are gone. Never rejects. */
  readonly treeGone: Promise<void>;
  /** What stands in a workspace for its sandbox is gone, unless something in it lives on. Never rejects. */
  readonly tidied?: Promise<void>;
  /** Sends a signal to the process group; nothing happens once the group is gone. A stranger is never hit. */
  signal(signalNumber: number): void;
  /** SIGKILL to the leader and every descendant, whatever group or session they moved to. */
  killTree(): void;
  /** PTY only: rows and columns, 1..65535. */
  resize?(size: { readonly rows: number; readonly columns: number }): void;
}

/** Starts children. Rejects with {@link SpawnError}, and with SandboxRefusal where a sandbox cannot be made. */
export interface Spawner {
  spawn(plan: SpawnPlan): Promise<SpawnedProcess>;
}
