import { limits } from "../../limits.ts";
import type { Delivery } from "./delivery.ts";

/** What the window knows of one log: how far it has counted, and what that costs. */
interface Share {
  readonly delivery: Delivery;
  counted: number;
  cost: number;
}

/** Events of one log that were counted with no other log's in between. */
interface Stretch {
  readonly share: Share;
  last: number;
}

/** Stretches that may pile up before the dead ones among them are looked for. */
const TIDY_ABOVE = 256;

/**
 * Keeps the newest {@link limits.sentRetentionBytes} of what a session's connection was sent, since a cut link swallows
 * what sits in socket buffers: what was sent first goes first, whichever process said it. What was not sent yet is
 * never touched here.
 */
export class SessionRetention {
  readonly #capacity: number;
  readonly #shares = new Map<Delivery, Share>();
  /** In the order of counting. One whose share was replaced or forgotten is dead and skipped. */
  #stretches: Stretch[] = [];
  #head = 0;
  #tidyAbove = TIDY_ABOVE;
  #cost = 0;

  constructor(options: { readonly capacity: number } = { capacity: limits.sentRetentionBytes }) {
    this.#capacity = options.capacity;
  }

  get cost(): number {
    return this.#cost;
  }

  /** Logs in the window. */
  get size(): number {
    return this.#shares.size;
  }

  /** What it remembers of the order of sending. */
  get stretches(): number {
    return this.#stretches.length;
  }

  /** Counts what `delivery` has handed over since the last call, and trims. */
  update(delivery: Delivery): void {
    if (delivery.unclaimed && delivery.costPastUnclaimed > this.#capacity) delivery.abandonUnclaimed();
    this.#count(delivery);
    while (this.#cost > this.#capacity) this.#dropOldest();
  }

  forget(delivery: Delivery): void {
    this.#cost -= this.#shares.get(delivery)?.cost ?? 0;
    this.#shares.delete(delivery);
  }

  #count(delivery: Delivery): void {
    const { log, floor } = delivery;
    let share = this.#shares.get(delivery);
    if (share === undefined || floor < share.counted) {
      this.forget(delivery);
      share = { delivery, counted: log.firstSeq, cost: 0 };
      this.#shares.set(delivery, share);
    }
    if (share.counted === floor) return;
    for (; share.counted < floor; share.counted++) {
      const cost = log.cost(share.counted);
      share.cost += cost;
      this.#cost += cost;
    }
    this.#note(share);
  }

  #note(share: Share): void {
    const latest = this.#stretches.at(-1);
    if (latest?.share === share) {
      latest.last = share.counted - 1;
      return;
    }
    this.#stretches.push({ share, last: share.counted - 1 });
    if (this.#stretches.length > this.#tidyAbove) this.#tidy();
  }

  #tidy(): void {
    this.#stretches = this.#stretches.slice(this.#head).filter(({ share }) => this.#isAlive(share));
    this.#head = 0;
    this.#tidyAbove = Math.max(TIDY_ABOVE, 2 * this.#stretches.length);
  }

  /** There is something to drop wherever there is a cost. */
  #dropOldest(): void {
    const stretch = this.#stretches[this.#head];
    if (stretch === undefined) throw new Error("the window counts what it does not hold");
    const { share } = stretch;
    const { log } = share.delivery;
    if (!this.#isAlive(share) || log.firstSeq > stretch.last) {
      this.#head += 1;
      return;
    }
    const cost = log.cost(log.firstSeq);
    share.cost -= cost;
    this.#cost -= cost;
    log.dropFirst();
  }

  #isAlive(share: Share): boolean {
    return this.#shares.get(share.delivery) === share;
  }
}
