import type { RemoteProcess } from "../../core/process/remote/remote-process.ts";
import type { EntryProcess } from "../registry/session-entry.ts";

/** What the environment of a job needs to know of it. */
export interface PlacedJob {
  /** The environment that it runs in. */
  readonly place: object;
  readonly line: string;
  readonly startedAt: number;
  readonly stateFile: string | undefined;
  readonly process: Pick<RemoteProcess, "processId" | "tty" | "position" | "terminate">;
  readonly closed: boolean;
  changed(): Promise<void>;
}

/** The job as the registry of sessions has it. */
export function entryOf({ process, line, startedAt, stateFile, closed }: PlacedJob): EntryProcess {
  return {
    processId: process.processId,
    line,
    startedAtMs: startedAt,
    tty: process.tty,
    stdin: process.tty,
    // As long as it is a job here, nobody knows how much of its log was looked at.
    after: closed ? process.position : 0,
    ...(stateFile === undefined ? {} : { stateFile }),
  };
}
