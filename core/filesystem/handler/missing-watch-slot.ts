import { type Answer, andThen } from "../answer.ts";

/** A client's number for a watch: any unsigned 64-bit integer. */
export type WatchId = number | bigint;

/** The one watch of a connection. Ids must grow; each newer call ends the older watch, even if it cannot watch itself. */
export class MissingWatchSlot implements Disposable {
  #latest: WatchId = -1;
  #watch: Disposable | null = null;

  /** True when the watch stands. */
  replace(id: WatchId, start: () => Answer<Disposable | null>): Answer<boolean> {
    if (id <= this.#latest) return false;
    this.#latest = id;
    this[Symbol.dispose]();
    return andThen(start(), (watch) => {
      this.#watch = watch;
      return watch !== null;
    });
  }

  [Symbol.dispose](): void {
    this.#watch?.[Symbol.dispose]();
    this.#watch = null;
  }
}
