import { limits } from "../limits.ts";

/** A connection that has no pings of its own. */
export interface Listened {
  /** Asks something that is always answered, and needs no answer here. */
  ask(): void;
  /** Whether we have stopped reading, so that nothing can be heard. */
  isHeld(): boolean;
  /** The other side is taken for dead. */
  giveUp(reason: string): void;
}

/**
 * Notices within 20 s that nobody is at the other end of a pipe: an ssh whose network is gone waits for ever, and a
 * pipe has no pings.
 */
export class Heartbeat {
  readonly #other: Listened;
  readonly #timer: Timer;
  readonly #tickMs = limits.pingIntervalMs / 2;
  #heardAt = performance.now();
  #tickedAt = performance.now();

  constructor(other: Listened) {
    this.#other = other;
    this.#timer = setInterval(() => this.#tick(), this.#tickMs);
    this.#timer.unref();
  }

  /** Something came. */
  heard(): void {
    this.#heardAt = performance.now();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = performance.now();
    // Time in which this process did not run is no silence of the other side.
    const stalledMs = Math.max(0, now - this.#tickedAt - 2 * this.#tickMs);
    this.#tickedAt = now;
    this.#heardAt = this.#other.isHeld() ? now : Math.min(now, this.#heardAt + stalledMs);
    const silentMs = now - this.#heardAt;
    if (silentMs >= limits.pongDeadlineMs) {
      this.stop();
      this.#other.giveUp(`nothing was heard for ${Math.round(silentMs / 1_000)} s`);
    } else if (silentMs >= limits.pingIntervalMs) this.#other.ask();
  }
}
