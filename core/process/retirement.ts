import { limits } from "../limits.ts";
import type { ManagedProcess } from "./managed-process.ts";

interface Clock {
  leftMs: number;
  since: number;
  timer?: ReturnType<typeof setTimeout>;
}

/**
 * Forgets closed processes after {@link limits.closedRetentionMs} in which somebody was there to read them. While
 * nobody is there no time passes: the end of a command may be what its client comes back for.
 */
export class Retirement {
  readonly #forget: (process: ManagedProcess) => void;
  readonly #clocks = new Map<ManagedProcess, Clock>();
  #running = false;

  constructor(forget: (process: ManagedProcess) => void) {
    this.#forget = forget;
  }

  /** `process` has closed. */
  add(process: ManagedProcess): void {
    const clock = { leftMs: limits.closedRetentionMs, since: 0 };
    this.#clocks.set(process, clock);
    if (this.#running) this.#start(process, clock);
  }

  /** Somebody is there. */
  resume(): void {
    if (this.#running) return;
    this.#running = true;
    for (const [process, clock] of this.#clocks) this.#start(process, clock);
  }

  /** Nobody is there. */
  pause(): void {
    if (!this.#running) return;
    this.#running = false;
    for (const clock of this.#clocks.values()) {
      clearTimeout(clock.timer);
      clock.leftMs = Math.max(0, Math.round(clock.leftMs - (performance.now() - clock.since)));
    }
  }

  #start(process: ManagedProcess, clock: Clock): void {
    clock.since = performance.now();
    clock.timer = setTimeout(() => {
      this.#clocks.delete(process);
      this.#forget(process);
    }, clock.leftMs);
    clock.timer.unref();
  }
}
