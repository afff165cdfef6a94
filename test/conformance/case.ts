import type { CaseContext } from "./case-context.ts";

export interface CaseOptions {
  /** Takes more than ten seconds: only with `--slow`. */
  readonly slow?: boolean;
  readonly timeoutMs?: number;
}

/** One question put to both servers; what `run` returns is normalised and compared. */
export interface Case extends CaseOptions {
  readonly name: string;
  readonly run: (t: CaseContext) => unknown;
}

export type AddCase = (name: string, run: Case["run"], options?: CaseOptions) => void;

export function addTo(list: Case[]): AddCase {
  return (name, run, options = {}) => {
    list.push({ name, run, ...options });
  };
}
