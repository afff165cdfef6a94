import { limits } from "../../../limits.ts";
import { leftOf } from "./deadline.ts";
import type { Wanted } from "./helper.ts";
import { noAnswerWithin } from "./helper-failure.ts";
import { type HelperSource, type Turn, WarmHelper } from "./warm-helper.ts";

/** What the helpers of one plan ask of those of the others. */
export interface Room {
  /** One more will be started, whatever it takes. */
  make(): void;
  /** Whether one more may be started that could be done without. */
  spare(): boolean;
}

interface Waiting {
  readonly wanted: Wanted;
  give(helper: WarmHelper): void;
}

/**
 * The helpers of one connection for one plan, with the line of requests in front of them. One is enough for requests that
 * are fast; when all that there are have been at one request for a while, those that wait get another.
 */
export class PlanHelpers {
  readonly #source: HelperSource;
  readonly #room: Room;
  #helpers: WarmHelper[] = [];
  readonly #waiting: Waiting[] = [];
  #growth: Timer | undefined;

  constructor(source: HelperSource, room: Room) {
    this.#source = source;
    this.#room = room;
  }

  /** How many there are, those included that will end after the request that they have. */
  get size(): number {
    return this.#helpers.filter((helper) => helper.usable || !helper.free).length;
  }

  /** How many take requests. */
  get usable(): number {
    return this.#helpers.filter((helper) => helper.usable).length;
  }

  /** Whether one of them has nothing to do. */
  get isIdle(): boolean {
    return this.#helpers.some((helper) => helper.usable && helper.free);
  }

  /** Gives a request its turn, in the order of asking. Rejects with an RpcError. */
  async use<T>(wanted: Wanted, turn: Turn<T>): Promise<T> {
    const helper = await this.#helperFor(wanted);
    try {
      return await helper.use((process, state) => {
        this.#watch();
        return turn(process, state, wanted.deadline);
      }, wanted.deadline);
    } finally {
      this.#returned(helper);
    }
  }

  /** One of them takes no more requests, if there is one: rather one that has nothing to do. */
  retireOne(): void {
    const usable = this.#helpers.filter((helper) => helper.usable);
    const helper = usable.find(({ free }) => free) ?? usable[0];
    helper?.retire();
  }

  /** Ends all of them at once; their requests fail. */
  end(): void {
    clearTimeout(this.#growth);
    for (const helper of this.#helpers) helper.end();
  }

  #helperFor(wanted: Wanted): WarmHelper | Promise<WarmHelper> {
    this.#helpers = this.#helpers.filter((helper) => helper.usable || !helper.free);
    const usable = this.#helpers.filter((helper) => helper.usable);
    const free = usable.find((helper) => helper.free);
    if (free !== undefined) return free.take();
    return usable.length === 0 ? this.#startOne(wanted) : this.#wait(wanted);
  }

  #startOne(wanted: Wanted): WarmHelper {
    this.#room.make();
    const helper = new WarmHelper(wanted, this.#source).take();
    this.#helpers.push(helper);
    return helper;
  }

  #wait(wanted: Wanted): Promise<WarmHelper> {
    const { promise, resolve, reject } = Promise.withResolvers<WarmHelper>();
    const timer = setTimeout(() => {
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
      reject(noAnswerWithin(wanted.deadline.ms));
    }, leftOf(wanted.deadline));
    const waiting: Waiting = {
      wanted,
      give(helper) {
        clearTimeout(timer);
        resolve(helper);
      },
    };
    this.#waiting.push(waiting);
    this.#watch();
    return promise;
  }

  #returned(helper: WarmHelper): void {
    const next = this.#waiting[0];
    if (next !== undefined && helper.usable) {
      this.#waiting.shift();
      next.give(helper);
    } else {
      helper.rest();
      if (!this.#helpers.some(({ usable }) => usable)) this.#startForNext();
    }
    this.#watch();
  }

  #startForNext(): void {
    const next = this.#waiting.shift();
    if (next !== undefined) next.give(this.#startOne(next.wanted));
  }

  /** Looks again when every helper has been at one request for long. One that is only starting will be looked at then. */
  #watch(): void {
    clearTimeout(this.#growth);
    if (this.#waiting.length === 0) return;
    const slowAt = this.#slowAt();
    if (slowAt === undefined) return;
    this.#growth = setTimeout(() => this.#grow(), Math.max(0, slowAt - performance.now()));
  }

  #slowAt(): number | undefined {
    let latest = 0;
    for (const helper of this.#helpers) {
      if (!helper.usable) continue;
      const { slowAt } = helper;
      if (slowAt === undefined) return undefined;
      latest = Math.max(latest, slowAt);
    }
    return latest;
  }

  #grow(): void {
    if (this.#room.spare()) this.#startForNext();
    else this.#growth = setTimeout(() => this.#watch(), limits.fsHelperBusyMs);
  }
}
