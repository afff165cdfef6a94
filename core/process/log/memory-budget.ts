import { limits } from "../../limits.ts";
import { ByteArena } from "./byte-arena.ts";
import type { SpillStore } from "./spill-store.ts";

interface Holder {
  readonly memoryBytes: number;
  spillFirst(): boolean;
}

/** Who waits for room. */
interface Waiter {
  /** It may go on. */
  progressed(): void;
}

/**
 * The one budget for retained output in memory. Past it the log that has been silent longest moves its output to disk,
 * so that one which streams keeps its newest in memory and costs no disk.
 */
export class MemoryBudget {
  readonly spill: SpillStore;
  readonly arena = new ByteArena();
  readonly #capacity: number;
  readonly #holders = new Set<Holder>();
  readonly #waiters = new Set<Waiter>();
  #quiet: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #events = 0;

  constructor(
    spill: SpillStore,
    options: { readonly capacity: number } = { capacity: limits.retainedMemoryBytes },
  ) {
    this.spill = spill;
    this.#capacity = options.capacity;
  }

  /** True while the disk takes no more, or there are too many events: whoever adds output has to wait. */
  get exhausted(): boolean {
    return this.arena.heldBytes > this.#capacity || this.#events > limits.retainedEvents;
  }

  /** Retained events, the whole server. */
  get events(): number {
    return this.#events;
  }

  /** Tells `waiter` once, when the budget is no longer exhausted. */
  onRelease(waiter: Waiter): void {
    this.#waiters.add(waiter);
    this.#askDiskLater();
  }

  /** `holder` has put output into the arena. */
  charge(holder: Holder): void {
    // To the end: the set is in the order of the last output.
    this.#holders.delete(holder);
    this.#holders.add(holder);
    if (this.arena.heldBytes > this.#capacity) this.#relieve(this.#capacity);
    if (this.arena.heldBytes > limits.retainedQuietBytes) this.#awaitQuiet();
  }

  /** `holder` has taken output out of the arena. */
  release(holder: Holder): void {
    if (holder.memoryBytes === 0) this.#holders.delete(holder);
    this.#wake();
  }

  /** `count` events more, or fewer, are retained. */
  countEvents(count: number): void {
    this.#events += count;
    if (count < 0) this.#wake();
  }

  #wake(): void {
    if (this.#waiters.size === 0 || this.exhausted) return;
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    // Never from within the change of a log: a waiter may change that very log.
    for (const waiter of waiters) queueMicrotask(() => waiter.progressed());
  }

  /** Those who wait add nothing, so nothing else would notice that others have made room on the disk. */
  #askDiskLater(): void {
    if (this.#retry !== undefined) return;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      if (this.#waiters.size === 0) return;
      this.#relieve(this.#capacity);
      this.#wake();
      if (this.#waiters.size > 0) this.#askDiskLater();
    }, limits.spillRetryMs);
    this.#retry.unref();
  }

  /** Output that nobody adds to is unlikely to be asked for: it need not stay in memory. */
  #awaitQuiet(): void {
    if (this.#quiet !== undefined) {
      this.#quiet.refresh();
      return;
    }
    this.#quiet = setTimeout(() => this.#cool(), limits.retainedQuietMs);
    this.#quiet.unref();
  }

  /** A part at a time, so that the disk holds up nobody. */
  #cool(): void {
    this.#quiet = undefined;
    const target = Math.max(limits.retainedQuietBytes, this.arena.heldBytes - limits.retainedQuietStepBytes);
    this.#relieve(target);
    if (this.arena.heldBytes <= limits.retainedQuietBytes || this.arena.heldBytes > target) return;
    this.#quiet = setTimeout(() => this.#cool(), limits.retainedQuietStepMs);
    this.#quiet.unref();
  }

  /** Moves output to disk, that of the log which has been silent longest first. */
  #relieve(target: number): void {
    for (const holder of this.#holders) {
      while (this.arena.heldBytes > target && holder.spillFirst());
      if (this.arena.heldBytes <= target) return;
    }
  }
}
