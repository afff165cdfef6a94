import { limits } from "../../limits.ts";
import type { Delivery } from "./delivery.ts";

/** What the window knows of one log: its events up to `aged` have left it, those up to `counted` are in it. */
interface Share {
  readonly delivery: Delivery;
  counted: number;
  aged: number;
  /** What they cost, each. */
  inside: number;
  elder: number;
}

/** Events of one log that were counted with no other log's in between. */
interface Stretch {
  readonly share: Share;
  last: number;
}

export interface RetentionOptions {
  readonly capacity: number;
  readonly readableProcess: number;
  readonly readableSession: number;
}

const DEFAULTS: RetentionOptions = {
  capacity: limits.sentRetentionBytes,
  readableProcess: limits.readableProcessBytes,
  readableSession: limits.readableSessionBytes,
};

/** Stretches that may pile up before the dead ones among them are looked for. */
const TIDY_ABOVE = 256;

/**
 * Keeps the newest {@link limits.sentRetentionBytes} of what a session's connection was sent, since a cut link swallows
 * what sits in socket buffers: what was sent first leaves this window first, whichever process said it. The last of
 * what has left it stays for those who read: so much a process, so much a session. What was not sent yet is never
 * touched here.
 */
export class SessionRetention {
  readonly #options: RetentionOptions;
  readonly #shares = new Map<Delivery, Share>();
  /** In the order of counting. One whose share was replaced or forgotten is dead and skipped. */
  #stretches: Stretch[] = [];
  #head = 0;
  #tidyAbove = TIDY_ABOVE;
  /** Those that keep something beyond the window, in the order in which they came to. */
  readonly #elders = new Set<Share>();
  #inside = 0;
  #elder = 0;

  constructor(options: RetentionOptions = DEFAULTS) {
    this.#options = options;
  }

  get cost(): number {
    return this.#inside + this.#elder;
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
    const { capacity, readableSession } = this.#options;
    if (delivery.unclaimed && delivery.costPastUnclaimed > capacity) delivery.abandonUnclaimed();
    this.#count(delivery);
    while (this.#inside > capacity) this.#age();
    for (const share of this.#elders) {
      if (this.#elder <= readableSession) return;
      this.#dropElders(share, this.#elder - readableSession);
    }
  }

  forget(delivery: Delivery): void {
    const share = this.#shares.get(delivery);
    if (share === undefined) return;
    this.#inside -= share.inside;
    this.#elder -= share.elder;
    this.#elders.delete(share);
    this.#shares.delete(delivery);
  }

  #count(delivery: Delivery): void {
    const { log, floor } = delivery;
    let share = this.#shares.get(delivery);
    if (share === undefined || floor < share.counted) {
      this.forget(delivery);
      share = { delivery, counted: log.firstSeq, aged: log.firstSeq, inside: 0, elder: 0 };
      this.#shares.set(delivery, share);
    }
    if (share.counted === floor) return;
    for (; share.counted < floor; share.counted++) {
      const cost = log.cost(share.counted);
      share.inside += cost;
      this.#inside += cost;
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

  /** The event that was sent first leaves the window. There is one wherever there is a cost. */
  #age(): void {
    const stretch = this.#stretches[this.#head];
    if (stretch === undefined) throw new Error("the window counts what it does not hold");
    const { share } = stretch;
    if (!this.#isAlive(share) || share.aged > stretch.last) {
      this.#head += 1;
      return;
    }
    const cost = share.delivery.log.cost(share.aged);
    share.aged += 1;
    share.inside -= cost;
    share.elder += cost;
    this.#inside -= cost;
    this.#elder += cost;
    this.#elders.add(share);
    this.#dropElders(share, share.elder - this.#options.readableProcess);
  }

  /** Drops at least `excess` of what a log keeps beyond the window, where it has so much. */
  #dropElders(share: Share, excess: number): void {
    const { log } = share.delivery;
    for (let left = excess; left > 0 && share.elder > 0; ) {
      const cost = log.cost(log.firstSeq);
      left -= cost;
      share.elder -= cost;
      this.#elder -= cost;
      log.dropFirst();
    }
    if (share.elder === 0) this.#elders.delete(share);
  }

  #isAlive(share: Share): boolean {
    return this.#shares.get(share.delivery) === share;
  }
}
