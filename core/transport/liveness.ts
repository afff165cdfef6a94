import { limits } from "../limits.ts";

/** A peer that answers pings, seen from the monitor. */
export interface MonitoredPeer {
  ping(): void;
  /** Bytes that the peer has not taken from us yet. */
  readonly unread: number;
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
      const silentMs = now - entry.heardAt;
      const slow = entry.peer.unread > 0;
      const deadlineMs = slow ? this.#slowReaderDeadlineMs : this.#pongDeadlineMs;
      if (silentMs >= deadlineMs) {
        const what = slow ? "no sign of life and unread data" : "no pong";
        entry.peer.giveUp(`${what} for ${Math.round(silentMs / 1000)} s`);
      } else if (now - entry.pingedAt >= this.#pingIntervalMs) {
        entry.pingedAt = now;
        entry.peer.ping();
      }
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
