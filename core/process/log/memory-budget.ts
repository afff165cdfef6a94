import { limits } from "../../limits.ts";
import { ByteArena } from "./byte-arena.ts";
import type { SpillStore } from "./spill-store.ts";

interface Holder {
  readonly memoryBytes: number;
  spillFirst(): boolean;
}

/**
 * The one budget for retained output in memory. Past it the log that holds most moves its oldest output to disk, down
 * to seven eighths of the budget so that the search is rare.
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
    this.#holders.add(holder);
    if (this.#bytes > this.#capacity) this.#relieve(this.#capacity - this.#capacity / 8);
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
    this.#quiet = setTimeout(() => {
      this.#quiet = undefined;
      this.#relieve(limits.retainedQuietBytes);
    }, limits.retainedQuietMs);
    this.#quiet.unref();
  }

  #relieve(target: number): void {
    while (this.#bytes > target) {
      const largest = this.#largest();
      if (largest === undefined || !this.#spillFrom(largest, target)) return;
    }
  }

  #spillFrom(holder: Holder, target: number): boolean {
    if (!holder.spillFirst()) return false;
    const stop = holder.memoryBytes / 2;
    while (this.#bytes > target && holder.memoryBytes > stop) {
      if (!holder.spillFirst()) return true;
    }
    return true;
  }

  #largest(): Holder | undefined {
    let largest: Holder | undefined;
    for (const holder of this.#holders) {
      if (largest === undefined || holder.memoryBytes > largest.memoryBytes) largest = holder;
    }
    return largest;
  }
}
