import { EnvironmentUnavailableError } from "./environment-errors.ts";

/**
 * Where an environment stands. `lost` is no end: the next use opens a fresh session. `connecting` with a failure is
 * one that could not be reached and is tried again in the background.
 */
export type EnvironmentState =
  | { readonly kind: "unused" }
  | { readonly kind: "connecting"; readonly failure?: string }
  | { readonly kind: "ready" }
  | { readonly kind: "recovering"; readonly reason: string }
  | { readonly kind: "lost"; readonly reason: string }
  | { readonly kind: "closed" };

/** What {@link reachState} needs of an environment. */
interface Changing {
  readonly id: string;
  readonly state: EnvironmentState;
  nextState(): Promise<EnvironmentState>;
}

/**
 * Resolves once the environment is in one of these states, which may be now. Rejects with EnvironmentUnavailableError
 * where it was closed instead, since nothing comes after that.
 */
export async function reachState(
  environment: Changing,
  kinds: readonly EnvironmentState["kind"][],
): Promise<EnvironmentState> {
  const reached = ({ kind }: EnvironmentState) => kinds.includes(kind);
  for (;;) {
    const { state } = environment;
    if (reached(state)) return state;
    if (state.kind === "closed") throw new EnvironmentUnavailableError(environment.id, "it was closed");
    const next = await environment.nextState();
    // By now it may be in yet another one.
    if (reached(next)) return next;
  }
}
