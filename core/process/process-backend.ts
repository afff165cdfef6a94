import type { ExitStatus } from "./spawned-process.ts";

/** Starts commands in one environment, be it this machine or another: who calls cannot tell which. */
export interface ProcessBackend {
  /**
   * Starts a command; its events go to `sink`. Rejects with RpcError where the start is refused, and otherwise says
   * why nothing can be asked of the environment.
   */
  start(spec: StartSpec, sink: ProcessSink): Promise<EnvironmentProcess>;
}

/** A command that was started, whatever happens to the link to it in between. */
export interface EnvironmentProcess {
  readonly processId: string;
  readonly tty: boolean;
  readonly stdin: ProcessStdin;
  /** `closed` or `lost` was handed out. */
  readonly over: boolean;
  /** Sends a signal to the process group. Throws UnsupportedError where the server knows no such signal. */
  signal(name: SignalName): Promise<void>;
  /** SIGKILL to the whole tree. False: it had ended before. */
  terminate(): Promise<boolean>;
  /** New size of the PTY. Throws UnsupportedError where the server has only the size of the start. */
  resize(size: { readonly rows: number; readonly columns: number }): Promise<void>;
}

/** The stdin of a process: in order, and each byte once. */
export interface ProcessStdin {
  /** Resolves when there is room for more. Rejects once nothing can arrive any more, be it because of an earlier write. */
  write(bytes: Uint8Array): Promise<void>;
  /** End of input after everything written: closes the pipe, or types ^D on a PTY. */
  end(): Promise<void>;
  /** Resolves when every write has been taken. */
  flush(): Promise<void>;
}

/** A command to start. Paths are file URIs. */
export interface StartSpec {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** Laid over the environment's own variables when `inherit` is `all`; the whole of them when `none`. */
  readonly env: Readonly<Record<string, string>>;
  readonly inherit: "all" | "none";
  /** A PTY of this size, or pipes. */
  readonly stdio:
    | { readonly kind: "pty"; readonly rows: number; readonly columns: number }
    | {
        readonly kind: "pipes";
        /** false: stdin is at its end. */
        readonly stdin: boolean;
      };
  readonly arg0?: string;
}

/** Takes the events of one process in order. While its promise is pending the next event waits. */
export type ProcessSink = (event: ProcessEvent) => Promise<void> | undefined;

export type StreamName = "stdout" | "stderr" | "pty";

/** What happens to a process, in order. `closed` and `lost` come last, and one of them always comes. */
export type ProcessEvent =
  | { readonly kind: "output"; readonly stream: StreamName; readonly bytes: Uint8Array }
  | {
      readonly kind: "gap";
      /** Absent where the server does not say. */
      readonly omittedBytes?: number;
    }
  | {
      readonly kind: "exited";
      readonly status: ExitStatus;
      /** What it said looks as if its sandbox was why it failed. */
      readonly sandboxDenied?: true;
    }
  | { readonly kind: "closed" }
  | { readonly kind: "lost"; readonly reason: string };

export type SignalName =
  | "SIGINT"
  | "SIGTERM"
  | "SIGHUP"
  | "SIGQUIT"
  | "SIGKILL"
  | "SIGSTOP"
  | "SIGTSTP"
  | "SIGCONT"
  | "SIGUSR1"
  | "SIGUSR2"
  | "SIGWINCH";
