/** A deny pattern that was understood whole. `*` and `?` do not cross `/`, `**` does, `[ab]` is a class; case counts. */
export interface DenyGlob {
  /** As messages name it: `base`, a slash, `rest`. Two globs may have the same: in `base` an asterisk is one. */
  readonly pattern: string;
  /** The fixed directory in front of the first wildcard, literally and without links; never `/`. */
  readonly base: string;
  /** The pattern of what lies below `base`: at least one name. */
  readonly rest: string;
}
