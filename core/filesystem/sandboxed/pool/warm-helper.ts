import { limits } from "../../../limits.ts";
import { RpcError } from "../../../protocol/rpc-error.ts";
import { type Deadline, leftOf } from "./deadline.ts";
import { Helper, type Wanted } from "./helper.ts";
import { HelperGone, helperNotPrepared } from "./helper-failure.ts";
import type { SpawnHelper } from "./helper-process.ts";
import type { HelperSlots } from "./helper-slots.ts";

/** What helpers are started with. */
export interface HelperSource {
  readonly spawn: SpawnHelper;
  /** The whole server's. */
  readonly slots: HelperSlots;
}

/** What is known of a helper beside its process. */
export interface HelperState {
  /** It has answered something already. */
  warm: boolean;
}

/** What a request does with the helper whose turn with it has come. */
export type Turn<T> = (helper: Helper, state: HelperState, deadline: Deadline) => Promise<T>;

/** One helper of a connection, for one request at a time; it ends when it was idle or alive too long. */
export class WarmHelper {
  readonly #started: Promise<Helper>;
  readonly #state: HelperState = { warm: false };
  readonly #oldAt = performance.now() + limits.fsHelperLifeMs;
  readonly #slots: HelperSlots;
  readonly #endIdle = () => this.end();
  #taken = false;
  #turnSince: number | undefined;
  #retired = false;
  #idle: Timer | undefined;

  /** Starts it at once. The first turn has to be that of the request that it is started for. */
  constructor(wanted: Wanted, source: HelperSource) {
    this.#slots = source.slots;
    this.#started = start(wanted, source, () => {
      this.#retired = true;
    });
    this.#started.catch(() => {
      this.#retired = true;
    });
  }

  /** Whether it takes new requests. */
  get usable(): boolean {
    return !this.#retired && performance.now() < this.#oldAt;
  }

  /** Nobody has taken it. */
  get free(): boolean {
    return !this.#taken;
  }

  /** When a request on it is no reason any more for others to wait; undefined: it does none at the moment. */
  get slowAt(): number | undefined {
    if (this.#turnSince === undefined) return undefined;
    // The first answer comes when the helper has started.
    return this.#turnSince + (this.#state.warm ? limits.fsHelperBusyMs : limits.fsHelperColdBusyMs);
  }

  /** From now on it is somebody's, until {@link rest}. */
  take(): this {
    this.#taken = true;
    clearTimeout(this.#idle);
    this.#slots.takeBack(this.#endIdle);
    return this;
  }

  /** Gives a request of whoever has taken it its turn. */
  async use<T>(turn: Turn<T>, deadline: Deadline): Promise<T> {
    const helper = await this.#started;
    // One that nobody has asked yet tells by its failure why it ended.
    if (!helper.alive && this.#state.warm) throw new HelperGone();
    this.#turnSince = performance.now();
    try {
      return await turn(helper, this.#state, deadline);
    } finally {
      this.#turnSince = undefined;
      this.#state.warm = true;
      if (!helper.alive) this.#retired = true;
    }
  }

  /** It is nobody's: idle, but not for long; and no longer than until somebody else needs its place. */
  rest(): void {
    this.#taken = false;
    if (!this.usable || this.#slots.wanted) return this.end();
    const wait = Math.min(limits.fsHelperIdleMs, this.#oldAt - performance.now());
    this.#idle = setTimeout(this.#endIdle, wait);
    this.#idle.unref();
    this.#slots.offer(this.#endIdle);
  }

  /** Takes no more requests, and ends after the one that it has. */
  retire(): void {
    this.#retired = true;
    if (!this.#taken) this.end();
  }

  /** Ends at once; the request that it has fails. */
  end(): void {
    this.#retired = true;
    clearTimeout(this.#idle);
    this.#slots.takeBack(this.#endIdle);
    void this.#started.then(
      (helper) => helper.end(),
      () => {},
    );
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
    reject(helperNotPrepared(`no start within ${wanted.deadline.ms / 1000} s`));
    void starting.then(
      (late) => late.end(),
      () => {},
    );
  }, leftOf(wanted.deadline));
  try {
    return await Promise.race([starting, deadline]);
  } catch (cause) {
    throw cause instanceof RpcError ? cause : helperNotPrepared(cause);
  } finally {
    clearTimeout(timer);
  }
}
