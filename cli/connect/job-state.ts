import type { Job, JobState } from "./job.ts";

/** A few words for `.jobs` and for notices. */
export function describeJobState({ state, closed }: Pick<Job, "state" | "closed">): string {
  switch (state.kind) {
    case "running":
    case "stopped":
    case "lost":
      return state.kind;
    case "ended":
      return `exit ${state.status.kind === "exited" ? state.status.code : "unknown"}${closed ? "" : ", output still open"}`;
  }
}

export function exitCodeOf(state: JobState): number | undefined {
  return state.kind === "ended" && state.status.kind === "exited" ? state.status.code : undefined;
}
