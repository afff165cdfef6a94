/** A deny pattern that was understood whole. `*` and `?` do not cross `/`, `**` does, `[ab]` is a class; case counts. */
export interface DenyGlob {
  /** Absolute. */
  readonly pattern: string;
  /** The fixed directory in front of the first wildcard; never `/`. */
  readonly base: string;
}
