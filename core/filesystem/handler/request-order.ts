import type { Answer } from "../answer.ts";

/** Requests that only look may run beside each other; one that changes something runs alone. */
export type Access = "shared" | "exclusive";

interface Waiting {
  readonly access: Access;
  start(): void;
  refuse(reason: Error): void;
}

/**
 * Makes the requests of one connection take effect in the order of their arrival. With nothing in its way an operation
 * starts at once, and answers at once if it can.
 */
export class RequestOrder {
  readonly #waiting: Waiting[] = [];
  #sharedRunning = 0;
  #exclusiveRunning = false;

  run<T>(access: Access, operation: () => Answer<T>): Answer<T> {
    if (this.#waiting.length === 0 && this.#isFree(access)) return this.#start(access, operation);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const start = () => {
      try {
        resolve(this.#start(access, operation));
      } catch (cause) {
        reject(cause);
      }
    };
    this.#waiting.push({ access, start, refuse: reject });
    return promise;
  }

  /** Resolves when nothing runs and nothing waits. */
  async idle(): Promise<void> {
    await this.run("exclusive", () => {});
  }

  /** Requests that have not started never will; what runs goes on. */
  refuseWaiting(reason: Error): void {
    for (const waiting of this.#waiting.splice(0)) waiting.refuse(reason);
  }

  #isFree(access: Access): boolean {
    return !this.#exclusiveRunning && (access === "shared" || this.#sharedRunning === 0);
  }

  #start<T>(access: Access, operation: () => Answer<T>): Answer<T> {
    const answer = operation();
    if (!(answer instanceof Promise)) return answer;
    if (access === "exclusive") this.#exclusiveRunning = true;
    else this.#sharedRunning++;
    return answer.finally(() => {
      if (access === "exclusive") this.#exclusiveRunning = false;
      else this.#sharedRunning--;
      this.#startWaiting();
    });
  }

  #startWaiting(): void {
    for (
      let next = this.#waiting[0];
      next !== undefined && this.#isFree(next.access);
      next = this.#waiting[0]
    ) {
      this.#waiting.shift();
      next.start();
    }
  }
}
