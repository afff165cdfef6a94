import { limits } from "../../../limits.ts";
import { RpcError } from "../../../protocol/rpc-error.ts";
import { Helper, type Wanted } from "./helper.ts";
import { HelperGone, helperNotPrepared } from "./helper-failure.ts";
import type { SpawnHelper } from "./helper-process.ts";
import type { HelperSlots } from "./helper-slots.ts";

/** What helpers are started with. */
export interface HelperSource {
  readonly spawn: SpawnHelper;
  /** The whole server's. */
  readonly slots: HelperSlots;
  /** How long a start, and one request, may take. */
  readonly deadlineMs: number;
}

/** What is known of a helper beside its process. */
export interface HelperState {
  /** It has answered something already. */
  warm: boolean;
}

/** What a request does with the helper whose turn with it has come. */
export type Turn<T> = (helper: Helper, state: HelperState) => Promise<T>;

/** One helper of a connection, with the line of requests in front of it; it ends when it was idle or alive too long. */
export class WarmHelper {
  readonly #started: Promise<Helper>;
  readonly #state: HelperState = { warm: false };
  readonly #oldAt = performance.now() + limits.fsHelperLifeMs;
  #last: Promise<unknown>;
  #waiting = 0;
  #retired = false;
  #idle: Timer | undefined;
  readonly #slots: HelperSlots;
  readonly #endIdle = () => this.end();

  /** Starts it at once. The first turn has to be that of the request that it is started for. */
  constructor(wanted: Wanted, source: HelperSource) {
    this.#slots = source.slots;
    this.#started = start(wanted, source, () => {
      this.#retired = true;
    });
    this.#last = this.#started;
    this.#started.catch(() => {
      this.#retired = true;
    });
  }

  /** Whether it takes new requests. */
  get usable(): boolean {
    return !this.#retired && performance.now() < this.#oldAt;
  }

  get idle(): boolean {
    return this.#waiting === 0;
  }

  /** Gives a request its turn, after those before it. */
  async use<T>(turn: Turn<T>): Promise<T> {
    this.#waiting++;
    this.#work();
    const before = this.#last;
    const done = this.#turn(before, turn);
    this.#last = done;
    try {
      return await done;
    } finally {
      this.#waiting--;
      if (this.#waiting === 0) this.#rest();
    }
  }

  /** Takes no more requests, and ends after those that it has. */
  retire(): void {
    this.#retired = true;
    if (this.#waiting === 0) this.end();
  }

  /** Ends at once; requests that wait for it fail. */
  end(): void {
    this.#retired = true;
    this.#work();
    void this.#started.then(
      (helper) => helper.end(),
      () => {},
    );
  }

  async #turn<T>(before: Promise<unknown>, turn: Turn<T>): Promise<T> {
    await before.catch(() => {});
    const helper = await this.#started;
    // One that nobody has asked yet tells by its failure why it ended.
    if (!helper.alive && this.#state.warm) throw new HelperGone();
    try {
      return await turn(helper, this.#state);
    } finally {
      this.#state.warm = true;
      if (!helper.alive) this.#retired = true;
    }
  }

  /** Idle, but not for long; and no longer than until somebody else needs its place. */
  #rest(): void {
    if (!this.usable || this.#slots.wanted) return this.end();
    const wait = Math.min(limits.fsHelperIdleMs, this.#oldAt - performance.now());
    this.#idle = setTimeout(this.#endIdle, wait);
    this.#idle.unref();
    this.#slots.offer(this.#endIdle);
  }

  /** Idle no more. */
  #work(): void {
    clearTimeout(this.#idle);
    this.#slots.takeBack(this.#endIdle);
  }
}

/** Rejects with an RpcError. `ended` is called when the helper that was started is gone. */
async function start(wanted: Wanted, source: HelperSource, ended: () => void): Promise<Helper> {
  const giveBack = await source.slots.take();
  const starting = Helper.start(wanted, source.spawn, () => {
    giveBack();
    ended();
  });
  starting.catch(giveBack);
  const { promise: deadline, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(helperNotPrepared(`no start within ${source.deadlineMs / 1000} s`));
    void starting.then(
      (late) => late.end(),
      () => {},
    );
  }, source.deadlineMs);
  try {
    return await Promise.race([starting, deadline]);
  } catch (cause) {
    throw cause instanceof RpcError ? cause : helperNotPrepared(cause);
  } finally {
    clearTimeout(timer);
  }
}
