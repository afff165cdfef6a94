/** What `make` gives, made at the first call: a schema is only paid for by who sends what it reads. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
