import { limits } from "../../limits.ts";
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
  readonly #congested: () => boolean;
  readonly #waiting: Waiting[] = [];
  #sharedRunning = 0;
  #exclusiveRunning = false;
  #turnTaken = false;
  #ended = false;

  /** While `congested` nothing starts: the peer does not take the answers that it has. */
  constructor(congested: () => boolean = () => false) {
    this.#congested = congested;
  }

  run<T>(access: Access, operation: () => Answer<T>): Answer<T> {
    if (this.#waiting.length === 0 && this.#isFree(access)) return this.#start(access, operation);
    return this.#wait(access, operation);
  }

  /** The peer has taken its answers. */
  proceed(): void {
    this.#startNext();
  }

  /** Requests that have not started never will. Resolves when nothing runs any more. */
  async end(reason: Error): Promise<void> {
    this.#ended = true;
    for (const waiting of this.#waiting.splice(0)) waiting.refuse(reason);
    await this.run("exclusive", () => {});
  }

  #isFree(access: Access): boolean {
    if (this.#exclusiveRunning || (this.#congested() && !this.#ended)) return false;
    return this.#sharedRunning < (access === "shared" ? limits.fsReadsAtOnce : 1);
  }

  #wait<T>(access: Access, operation: () => Answer<T>): Promise<T> {
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

  #start<T>(access: Access, operation: () => Answer<T>): Answer<T> {
    const answer = operation();
    if (!(answer instanceof Promise)) return answer;
    if (access === "exclusive") this.#exclusiveRunning = true;
    else this.#sharedRunning++;
    return answer.finally(() => {
      if (access === "exclusive") this.#exclusiveRunning = false;
      else this.#sharedRunning--;
      this.#startNext();
    });
  }

  /** One request a turn: its answer is sent, and counts as congestion, before the next one starts. */
  #startNext(): void {
    const next = this.#waiting[0];
    if (this.#turnTaken || next === undefined || !this.#isFree(next.access)) return;
    this.#waiting.shift();
    next.start();
    if (this.#waiting.length === 0) return;
    this.#turnTaken = true;
    setImmediate(() => {
      this.#turnTaken = false;
      this.#startNext();
    });
  }
}
