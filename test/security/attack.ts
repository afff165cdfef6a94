import type { Profile } from "./profiles.ts";
import type { Scene } from "./scene.ts";

/** What came of an attempt. A success that was answered and did not happen is neither of the others. */
export type Outcome =
  | { readonly kind: "through"; readonly evidence: string }
  | { readonly kind: "held"; readonly how: string; readonly refused?: boolean }
  | { readonly kind: "lied"; readonly what: string };

export const through = (evidence: string): Outcome => ({ kind: "through", evidence });
export const held = (how: string): Outcome => ({ kind: "held", how });
export const lied = (what: string): Outcome => ({ kind: "lied", what });

/** An act, a sandbox that must hold it, and its allowed twin: the same act where it must go through. */
export interface Attack {
  /** What is tried, in words. */
  readonly name: string;
  /** What holds it. */
  readonly wall: string;
  /**
   * The sandboxes that must hold it. The first that this mechanism does not refuse outright is the one that counts, so that
   * a wall is tried and not only a refusal.
   */
  readonly confined: readonly Profile[];
  /** The sandboxes under one of which it must go through. */
  readonly allowed: readonly Profile[];
  /** The twin is something that only the machine's root may do. */
  readonly twinOfRoot?: boolean;
  /** Only namespaces hold it: with Landlock alone it goes through, which the documentation says. */
  readonly needsNamespaces?: boolean;
  /** It changes what is mounted, which ends starts of others: it has a server with mounts of its own to itself. */
  readonly alone?: boolean;
  /** Only root can set it up, outside. */
  readonly setByRoot?: boolean;
  /** A file that is there where the machine has what is attacked. */
  readonly sign?: string;
  readonly attempt: (scene: Scene) => Promise<Outcome>;
}

export type Family = readonly Attack[];
