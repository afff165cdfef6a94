import type { Chance } from "./chance.ts";
import type { VirtualClock } from "./virtual-clock.ts";

export interface PipeOptions {
  readonly clock: VirtualClock;
  readonly chance: Chance;
  /** Bytes that it takes before its writer has to wait. */
  readonly capacity: number;
  readonly latencyMs: () => number;
  received(bytes: Uint8Array): void;
  /** It takes bytes again. */
  drained(): void;
}

/** One direction of a link: bytes arrive in order, late, and in pieces of any size. */
export class Pipe {
  readonly #options: PipeOptions;
  #onTheWay = 0;
  #full = false;
  #arrival = 0;
  /** Bytes that will still arrive of those that were sent; what comes after them is lost. */
  #left = Number.POSITIVE_INFINITY;
  readonly #held: (Uint8Array | (() => void))[] = [];
  #isCut = false;
  #paused = false;
  #dead = false;

  constructor(options: PipeOptions) {
    this.#options = options;
  }

  /** Bytes taken: fewer than all where the pipe is full. */
  write(bytes: Uint8Array): number {
    const { capacity, chance } = this.#options;
    const taken = Math.min(bytes.length, capacity - this.#onTheWay);
    this.#full = taken < bytes.length;
    for (let at = 0; at < taken; ) {
      const size = chance.oneIn(3) ? chance.whole(1, taken - at) : taken - at;
      this.#send(bytes.slice(at, at + size));
      at += size;
    }
    this.#onTheWay += taken;
    return taken;
  }

  /** Calls `arrived` after everything that was written has arrived, if it ever does. */
  finish(arrived: () => void): void {
    this.#send(arrived);
  }

  /** Of what is on the way only `bytes` more arrive, and nothing of what is sent later. */
  cut(bytes: number): void {
    this.#isCut = true;
    this.#left = Math.min(this.#left, bytes);
  }

  /** Bytes that are on the way. */
  get onTheWay(): number {
    return this.#onTheWay;
  }

  /** Nobody reads or writes any more. */
  end(): void {
    this.#dead = true;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#options.clock.set(() => this.#takeHeld(), 0);
  }

  #send(item: Uint8Array | (() => void)): void {
    const { clock, latencyMs } = this.#options;
    this.#arrival = Math.max(this.#arrival, clock.now + latencyMs());
    clock.set(() => this.#arrive(item), this.#arrival - clock.now);
  }

  #arrive(item: Uint8Array | (() => void)): void {
    this.#held.push(item);
    this.#takeHeld();
  }

  #takeHeld(): void {
    while (!this.#paused && !this.#dead) {
      const item = this.#held.shift();
      if (item === undefined) return;
      if (typeof item !== "function") this.#take(item);
      else if (!this.#isCut) item();
    }
  }

  #take(bytes: Uint8Array): void {
    const whole = Math.min(bytes.length, this.#left);
    this.#left -= whole;
    // A peer that is gone takes nothing: what was sent to it fills the pipe for good.
    if (whole === 0) return;
    this.#onTheWay -= whole;
    this.#options.received(bytes.subarray(0, whole));
    // As kernels do: not for every byte.
    if (!this.#full || this.#dead || this.#onTheWay > this.#options.capacity / 2) return;
    this.#full = false;
    this.#options.drained();
  }
}
