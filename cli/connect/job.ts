import { limits } from "../../core/limits.ts";
import type { ProcessEvent } from "../../core/process/process-backend.ts";
import type { RemoteProcess } from "../../core/process/remote/remote-process.ts";
import type { ExitStatus } from "../../core/process/spawned-process.ts";
import { JobLog } from "./job-log.ts";
import type { Place } from "./place.ts";

export type JobState =
  | { readonly kind: "running" }
  | { readonly kind: "stopped" }
  | { readonly kind: "ended"; readonly status: ExitStatus }
  | { readonly kind: "lost"; readonly reason: string };

/** Shows a job's output to the user; while its promise is pending the job is held back. */
export type JobDisplay = (
  event: ProcessEvent & { readonly kind: "output" | "gap" },
) => Promise<void> | undefined;

/** One line that runs: in the foreground while it has a display, otherwise into its log. */
export class Job {
  readonly line: string;
  /** The environment that it runs in, wherever lines run by now. */
  readonly place: Place;
  readonly startedAt = Date.now();
  readonly log = new JobLog();
  /** Its number in `.jobs`, once it has one. */
  number: number | undefined;
  /** The last keys that it was given. */
  typed: Uint8Array = new Uint8Array(0);
  /** Its end was told to the user. */
  announced = false;
  #process: RemoteProcess | undefined;
  #state: JobState = { kind: "running" };
  #exitStatus: ExitStatus = { kind: "unknown", reason: "the server did not say" };
  #closed = false;
  #display: JobDisplay | undefined;
  #linger: Timer | undefined;
  #changed = Promise.withResolvers<void>();
  /** Where the line leaves the shell's state: a path on the server. */
  readonly stateFile: string | undefined;

  constructor(line: string, { place, stateFile }: Pick<Job, "place" | "stateFile">) {
    this.line = line;
    this.place = place;
    this.stateFile = stateFile;
  }

  get state(): JobState {
    return this.#state;
  }

  /** No more output will come. */
  get closed(): boolean {
    return this.#closed;
  }

  get process(): RemoteProcess {
    if (this.#process === undefined) throw new Error("the job has not been started");
    return this.#process;
  }

  started(process: RemoteProcess): void {
    this.#process = process;
  }

  /** Where output goes from now on. Undefined: into the log. */
  display(display: JobDisplay | undefined): void {
    this.#display = display;
  }

  /** The program was stopped by Ctrl-Z, or goes on. */
  stopped(isStopped: boolean): void {
    if (this.#state.kind === "ended" || this.#state.kind === "lost") return;
    this.#change({ kind: isStopped ? "stopped" : "running" });
  }

  /** The sink of its process. */
  readonly sink = (event: ProcessEvent): Promise<void> | undefined => {
    switch (event.kind) {
      case "output":
        this.#linger?.refresh();
        if (this.#display !== undefined) return this.#display(event);
        this.log.append(event.bytes);
        return undefined;
      case "gap":
        if (this.#display !== undefined) return this.#display(event);
        this.log.append(new TextEncoder().encode(`[${describeGap(event)}]\n`));
        return undefined;
      case "exited":
        this.#linger = setTimeout(
          () => this.#change({ kind: "ended", status: event.status }),
          limits.lineLingerMs,
        );
        this.#exitStatus = event.status;
        return undefined;
      case "closed":
        this.#closed = true;
        clearTimeout(this.#linger);
        this.#change({ kind: "ended", status: this.#exitStatus });
        return undefined;
      case "lost":
        this.#closed = true;
        clearTimeout(this.#linger);
        this.#change({ kind: "lost", reason: event.reason });
        return undefined;
    }
  };

  /** Resolves at the next change of state. */
  changed(): Promise<void> {
    return this.#changed.promise;
  }

  #change(state: JobState): void {
    this.#state = state;
    const changed = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    changed.resolve();
  }
}

/** What a gap in the output is, in words. */
export function describeGap({ omittedBytes }: { readonly omittedBytes?: number }): string {
  const what = omittedBytes === undefined ? "part" : `${omittedBytes} bytes`;
  return `${what} of the output was dropped by the server and is missing here`;
}
