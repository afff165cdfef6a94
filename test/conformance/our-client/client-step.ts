import type { Environment } from "../../../core/environment/environment.ts";

/** Something that our client does in an environment, and what must come of it. */
export interface ClientStep {
  readonly name: string;
  /** What came of it, as plain data. `place` is a directory of this environment alone. */
  readonly act: (environment: Environment, place: string) => Promise<unknown>;
  readonly wants: unknown;
  /** What comes of it on the published server, where that lacks what ours adds. */
  readonly without?: { readonly addition: string; readonly wants: unknown };
}

/** How a command ends by itself. */
export const exited = (code: number): readonly string[] => [`exited ${code}`, "closed"];
