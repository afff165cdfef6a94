import { limits } from "../limits.ts";

/** What is known of a peer that has answered nothing for a while. */
export type LinkState =
  /** Bytes of something that is not complete yet came so many milliseconds ago. */
  | { readonly kind: "arriving"; readonly sinceMs: number }
  /** It has data of ours to read first, and its pongs wait behind that. */
  | { readonly kind: "unread" }
  | { readonly kind: "silent" };

/** A peer that answers pings, seen from the monitor. */
export interface MonitoredPeer {
  ping(): void;
  /** Asked only when the peer has been silent for the shorter deadline. */
  linkState(): LinkState;
  /** The peer is taken for dead: ends the connection. */
  giveUp(reason: string): void;
}

/** The monitor's handle on one peer. */
export interface Watch {
  /** The peer has shown that it lives: it sent something, or took something that we had waiting for it. */
  heard(): void;
  stop(): void;
}

export interface LivenessOptions {
  readonly pingIntervalMs?: number;
  readonly pongDeadlineMs?: number;
  readonly slowReaderDeadlineMs?: number;
  /** Milliseconds of a clock that never jumps. */
  readonly now?: () => number;
}

interface Entry {
  readonly peer: MonitoredPeer;
  heardAt: number;
  pingedAt: number;
}

/**
 * Pings every watched peer and gives up those that stay silent. One timer serves all of them, and it runs
 * only while there are some. A peer that has unread data from us gets the longer deadline, since its pongs
 * wait behind that data.
 */
export class LivenessMonitor implements Disposable {
  readonly #entries = new Set<Entry>();
  readonly #pingIntervalMs: number;
  readonly #pongDeadlineMs: number;
  readonly #slowReaderDeadlineMs: number;
  readonly #tickMs: number;
  readonly #now: () => number;
  #timer: Timer | undefined;
  #tickedAt = 0;

  constructor(options: LivenessOptions = {}) {
    this.#pingIntervalMs = options.pingIntervalMs ?? limits.pingIntervalMs;
    this.#pongDeadlineMs = options.pongDeadlineMs ?? limits.pongDeadlineMs;
    this.#slowReaderDeadlineMs = options.slowReaderDeadlineMs ?? limits.slowReaderDeadlineMs;
    this.#tickMs = this.#pingIntervalMs / 2;
    this.#now = options.now ?? (() => performance.now());
  }

  watch(peer: MonitoredPeer): Watch {
    const now = this.#now();
    const entry: Entry = { peer, heardAt: now, pingedAt: now };
    this.#entries.add(entry);
    this.#start(now);
    return {
      heard: () => {
        entry.heardAt = this.#now();
      },
      stop: () => {
        this.#entries.delete(entry);
        if (this.#entries.size === 0) this[Symbol.dispose]();
      },
    };
  }

  /** Looks at every peer once. The timer calls it; a test with a clock of its own may. */
  tick(): void {
    const now = this.#now();
    // Time in which this process did not run (a stopped process, a blocked loop) is no silence of the peers.
    const stalled = Math.max(0, now - this.#tickedAt - 2 * this.#tickMs);
    this.#tickedAt = now;
    for (const entry of [...this.#entries]) {
      entry.heardAt = Math.min(now, entry.heardAt + stalled);
      const verdict = this.#judge(entry, now);
      if (verdict !== undefined) {
        entry.peer.giveUp(verdict);
      } else if (now - entry.pingedAt >= this.#pingIntervalMs) {
        entry.pingedAt = now;
        entry.peer.ping();
      }
    }
  }

  /** Why the peer is to be given up, if it is. */
  #judge(entry: Entry, now: number): string | undefined {
    const silentMs = now - entry.heardAt;
    if (silentMs < this.#pongDeadlineMs) return undefined;
    const state = entry.peer.linkState();
    const shown = `for ${Math.round(silentMs / 1000)} s`;
    switch (state.kind) {
      case "silent":
        return `no pong ${shown}`;
      case "unread":
        return silentMs < this.#slowReaderDeadlineMs ? undefined : `no sign of life and unread data ${shown}`;
      case "arriving":
        if (state.sinceMs >= this.#pongDeadlineMs) return `no pong ${shown}`;
        entry.heardAt = now - state.sinceMs;
        return undefined;
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #start(now: number): void {
    if (this.#timer !== undefined) return;
    this.#tickedAt = now;
    this.#timer = setInterval(() => this.tick(), this.#tickMs);
    this.#timer.unref();
  }
}
