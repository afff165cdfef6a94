import { limits } from "../../limits.ts";

/**
 * Where the events ended that a log has dropped, in raw output bytes: what a late reader has missed is counted from
 * there. Exact for the last {@link limits.droppedPositions}; of older ones only every so many-th is kept, so that a gap
 * may be told too large there, and never too small.
 */
export class DroppedPositions {
  readonly #every = limits.droppedPositions;
  readonly #ends: number[] = [];
  readonly #marks = [0];
  /** Events whose ends are no longer among `ends`. */
  #before = 0;

  /** The next event, by number, was dropped. */
  push(end: number): void {
    this.#ends.push(end);
    if (this.#ends.length < 2 * this.#every) return;
    this.#marks.push(this.#ends[this.#every - 1] ?? 0);
    this.#ends.splice(0, this.#every);
    this.#before += this.#every;
  }

  /** Of the event numbered `seq`, which was dropped; 0 for 0. */
  endOf(seq: number): number {
    const end =
      seq > this.#before ? this.#ends[seq - this.#before - 1] : this.#marks[Math.floor(seq / this.#every)];
    return end ?? 0;
  }
}
