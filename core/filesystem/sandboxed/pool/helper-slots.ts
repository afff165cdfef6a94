import { limits } from "../../../limits.ts";
import { helperNotPrepared } from "./helper-failure.ts";

/** How many helpers the whole server runs at a time. Who needs a place and finds none gets that of an idle one. */
export class HelperSlots {
  #free: number = limits.fsHelpers;
  readonly #waiting: (() => void)[] = [];
  /** How to end those that have nothing to do, the one idle for longest first. */
  readonly #idle = new Set<() => void>();

  /** There is a place for which nobody has to go. */
  get hasFree(): boolean {
    return this.#free > 0;
  }

  /** Somebody waits for a place. */
  get wanted(): boolean {
    return this.#waiting.length > 0;
  }

  /** Resolves to the function that gives the place back. Rejects when none came free in time. */
  async take(): Promise<() => void> {
    if (this.#free > 0) this.#free--;
    else await this.#wait();
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    };
  }

  /** A helper has nothing to do: `end` may be called until it is taken back. */
  offer(end: () => void): void {
    this.#idle.add(end);
  }

  takeBack(end: () => void): void {
    this.#idle.delete(end);
  }

  async #wait(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      this.#waiting.splice(this.#waiting.indexOf(resolve), 1);
      reject(helperNotPrepared(`the server's ${limits.fsHelpers} filesystem helpers are all at work`));
    }, limits.fsHelperWaitMs);
    this.#waiting.push(resolve);
    this.#endOneIdle();
    try {
      await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  #endOneIdle(): void {
    for (const end of this.#idle) {
      this.#idle.delete(end);
      return end();
    }
  }
}
