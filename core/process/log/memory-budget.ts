import { collectSoon } from "../../host/garbage.ts";
import { limits } from "../../limits.ts";
import { ByteArena } from "./byte-arena.ts";
import type { SpillStore } from "./spill-store.ts";

interface Holder {
  readonly memoryBytes: number;
  spillFirst(): boolean;
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
  readonly #waiters = new Set<() => void>();
  #quiet: ReturnType<typeof setTimeout> | undefined;
  #bytes = 0;

  constructor(
    spill: SpillStore,
    options: { readonly capacity: number } = { capacity: limits.retainedMemoryBytes },
  ) {
    this.spill = spill;
    this.#capacity = options.capacity;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** True while the budget is overdrawn because the disk takes no more: whoever adds output has to wait. */
  get exhausted(): boolean {
    return this.#bytes > this.#capacity;
  }

  /** Calls `waiter` once, when output has been released. */
  onRelease(waiter: () => void): void {
    this.#waiters.add(waiter);
  }

  charge(holder: Holder, bytes: number): void {
    this.#bytes += bytes;
    // To the end: the set is in the order of the last output.
    this.#holders.delete(holder);
    this.#holders.add(holder);
    if (this.#bytes > this.#capacity) this.#relieve(this.#capacity);
    if (this.#bytes > limits.retainedQuietBytes) this.#awaitQuiet();
  }

  release(holder: Holder, bytes: number): void {
    this.#bytes -= bytes;
    if (holder.memoryBytes === 0) this.#holders.delete(holder);
    if (this.#waiters.size > 0) this.#wake();
  }

  #wake(): void {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const waiter of waiters) waiter();
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
    const target = Math.max(limits.retainedQuietBytes, this.#bytes - limits.retainedQuietStepBytes);
    this.#relieve(target);
    if (this.#bytes <= limits.retainedQuietBytes || this.#bytes > target) return collectSoon();
    this.#quiet = setTimeout(() => this.#cool(), limits.retainedQuietStepMs);
    this.#quiet.unref();
  }

  /** Moves output to disk, that of the log which has been silent longest first. */
  #relieve(target: number): void {
    for (const holder of this.#holders) {
      while (this.#bytes > target && holder.spillFirst());
      if (this.#bytes <= target) return;
    }
  }
}
