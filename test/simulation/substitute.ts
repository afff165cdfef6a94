/** A property that has another value for a while. */
export interface Substitute {
  readonly owner: object;
  readonly name: string;
  readonly value: unknown;
}

/** Runs `work` with other values in place; every one is put back. */
export function withSubstitutes<T>(substitutes: readonly Substitute[], work: () => T): T {
  const restore = substitutes.map(substitute);
  try {
    return work();
  } finally {
    for (const putBack of restore.reverse()) putBack();
  }
}

function substitute({ owner, name, value }: Substitute): () => void {
  const own = Object.getOwnPropertyDescriptor(owner, name);
  const real: unknown = Reflect.get(owner, name);
  if (!Reflect.set(owner, name, value)) throw new Error(`${name} cannot be replaced`);
  return () => {
    if (own === undefined) Reflect.deleteProperty(owner, name);
    else Reflect.set(owner, name, real);
  };
}
