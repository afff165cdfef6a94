import { limits } from "../../../limits.ts";
import { helperNotPrepared } from "./helper-failure.ts";

/** How many helpers the whole server runs at a time. */
export class HelperSlots {
  #free: number = limits.fsHelpers;
  readonly #waiting: (() => void)[] = [];

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

  async #wait(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      this.#waiting.splice(this.#waiting.indexOf(resolve), 1);
      reject(helperNotPrepared(`the server's ${limits.fsHelpers} filesystem helpers are all at work`));
    }, limits.fsHelperWaitMs);
    this.#waiting.push(resolve);
    await promise;
    clearTimeout(timer);
  }
}
