import type { JobState } from "./job.ts";

/** One or two words for `.jobs` and for notices. */
export function describeJobState(state: JobState): string {
  switch (state.kind) {
    case "running":
    case "stopped":
    case "lost":
      return state.kind;
    case "ended":
      return state.status.kind === "exited" ? `exit ${state.status.code}` : "exit unknown";
  }
}

export function exitCodeOf(state: JobState): number | undefined {
  return state.kind === "ended" && state.status.kind === "exited" ? state.status.code : undefined;
}
