import { drainMicrotasks } from "bun:jsc";

interface Due {
  readonly at: number;
  readonly order: number;
  readonly timer: VirtualTimer;
}

/** A timer as Bun's are, as far as core uses them. */
class VirtualTimer {
  live = true;
  readonly #clock: VirtualClock;
  readonly #delay: number;
  readonly #act: () => void;
  readonly repeats: boolean;

  constructor(clock: VirtualClock, timer: { delay: number; act: () => void; repeats: boolean }) {
    this.#clock = clock;
    this.#delay = timer.delay;
    this.#act = timer.act;
    this.repeats = timer.repeats;
  }

  fire(): void {
    if (this.repeats) this.#clock.arm(this, this.#delay);
    else this.live = false;
    this.#act();
  }

  refresh(): this {
    if (this.live) this.#clock.arm(this, this.#delay);
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

/** A clock that moves from one thing to do to the next, in no time. What is due at once keeps its order. */
export class VirtualClock {
  #now = 0;
  #order = 0;
  #due: Due[] = [];
  /** The latest arming of each timer; an older one in the heap is dead. */
  readonly #armed = new Map<VirtualTimer, number>();

  get now(): number {
    return this.#now;
  }

  /** Timers that are still to fire. */
  get pending(): number {
    return this.#armed.size;
  }

  set(act: () => void, delay: number, repeats = false): VirtualTimer {
    const timer = new VirtualTimer(this, { act, delay: Math.max(delay, repeats ? 1 : 0), repeats });
    this.arm(timer, delay);
    return timer;
  }

  clear(timer: unknown): void {
    if (!(timer instanceof VirtualTimer)) return;
    timer.live = false;
    this.#armed.delete(timer);
  }

  arm(timer: VirtualTimer, delay: number): void {
    const order = this.#order++;
    this.#armed.set(timer, order);
    this.#push({ at: this.#now + Math.max(0, delay), order, timer });
  }

  /** Runs what is due, in order, until `done` or nothing is left to do or the clock has passed `until`. */
  run(until: number, done: () => boolean): void {
    drainMicrotasks();
    while (!done()) {
      const next = this.#due[0];
      if (next === undefined || next.at > until) return;
      this.#pop();
      if (this.#armed.get(next.timer) !== next.order) continue;
      this.#armed.delete(next.timer);
      this.#now = Math.max(this.#now, next.at);
      next.timer.fire();
      drainMicrotasks();
    }
  }

  #push(due: Due): void {
    const heap = this.#due;
    let at = heap.length;
    heap.push(due);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, due)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = due;
  }

  #pop(): Due | undefined {
    const heap = this.#due;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      if (left === undefined) break;
      const useRight = right !== undefined && isBefore(right, left);
      const child = useRight ? right : left;
      if (!isBefore(child, last)) break;
      heap[at] = child;
      at = 2 * at + (useRight ? 2 : 1);
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(one: Due, other: Due): boolean {
  return one.at === other.at ? one.order < other.order : one.at < other.at;
}
