import { limits } from "../../limits.ts";
import type { Delivery } from "./delivery.ts";

/** What the window knows of one log: how far it has counted, and what that costs. */
interface Share {
  counted: number;
  cost: number;
}

/**
 * Keeps the newest {@link limits.sentRetentionBytes} of what a session's connection was sent, since a cut link swallows
 * what sits in socket buffers. Past that the oldest goes: closed processes first, then the log that holds most.
 * What was not sent yet is never touched here.
 */
export class SessionRetention {
  readonly #capacity: number;
  readonly #shares = new Map<Delivery, Share>();
  readonly #closed = new Set<Delivery>();
  #cost = 0;

  constructor(options: { readonly capacity: number } = { capacity: limits.sentRetentionBytes }) {
    this.#capacity = options.capacity;
  }

  get cost(): number {
    return this.#cost;
  }

  /** Counts what `delivery` has handed over since the last call, and trims. */
  update(delivery: Delivery): void {
    if (delivery.unclaimed && delivery.deliveredPastUnclaimed > this.#capacity)
      this.#releaseUnclaimed(delivery);
    this.#count(delivery);
    if (delivery.log.closed) this.#closed.add(delivery);
    while (this.#cost > this.#capacity) {
      const victim = this.#victim();
      if (victim === undefined) return;
      this.#dropOldest(victim);
    }
  }

  forget(delivery: Delivery): void {
    this.#cost -= this.#shares.get(delivery)?.cost ?? 0;
    this.#shares.delete(delivery);
    this.#closed.delete(delivery);
  }

  #releaseUnclaimed(delivery: Delivery): void {
    delivery.abandonUnclaimed();
  }

  #count(delivery: Delivery): void {
    const { log, floor } = delivery;
    const share = this.#shares.get(delivery) ?? { counted: log.firstSeq, cost: 0 };
    this.#shares.set(delivery, share);
    if (floor < share.counted) {
      this.#cost -= share.cost;
      share.cost = 0;
      share.counted = Math.min(floor, log.firstSeq);
    }
    for (; share.counted < floor; share.counted++) {
      const cost = log.cost(share.counted);
      share.cost += cost;
      this.#cost += cost;
    }
  }

  #dropOldest(delivery: Delivery): void {
    const share = this.#shares.get(delivery);
    if (share === undefined) return;
    const cost = delivery.log.cost(delivery.log.firstSeq);
    delivery.log.dropFirst();
    share.cost -= cost;
    this.#cost -= cost;
    if (share.cost === 0) this.#closed.delete(delivery);
  }

  #victim(): Delivery | undefined {
    for (const delivery of this.#closed) {
      if ((this.#shares.get(delivery)?.cost ?? 0) > 0) return delivery;
      this.#closed.delete(delivery);
    }
    let victim: Delivery | undefined;
    let most = 0;
    for (const [delivery, share] of this.#shares) {
      if (share.cost <= most) continue;
      most = share.cost;
      victim = delivery;
    }
    return victim;
  }
}
