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
  readonly state: EnvironmentState;
  nextState(): Promise<EnvironmentState>;
}

/** Resolves once the environment is in one of these states, which may be now. */
export async function reachState(
  environment: Changing,
  kinds: readonly EnvironmentState["kind"][],
): Promise<EnvironmentState> {
  let { state } = environment;
  while (!kinds.includes(state.kind)) state = await environment.nextState();
  return state;
}
