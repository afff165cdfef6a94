/** A result that is there already, or comes later. Small operations answer at once: a promise costs more than they do. */
export type Answer<T> = T | Promise<T>;

/** Goes on with an answer, now if it is there. */
export function andThen<T, U>(answer: Answer<T>, next: (value: T) => Answer<U>): Answer<U> {
  return answer instanceof Promise ? answer.then(next) : next(answer);
}

/** Runs `cleanup` once the operation has answered or failed, now or later. */
export function withCleanup<T>(operation: () => Answer<T>, cleanup: () => void): Answer<T> {
  let answer: Answer<T>;
  try {
    answer = operation();
  } catch (cause) {
    cleanup();
    throw cause;
  }
  if (answer instanceof Promise) return answer.finally(cleanup);
  cleanup();
  return answer;
}
