/** A search through directories, which can pause after each of them, and within a large one. */
export type Look<T> = Generator<undefined, T, undefined>;

/** Goes through with a search. */
export function atOnce<T>(look: Look<T>): T {
  for (;;) {
    const step = look.next();
    if (step.done) return step.value;
  }
}
