import { limits } from "../../../limits.ts";
import { deadlineSince } from "./deadline.ts";
import type { Wanted } from "./helper.ts";
import { HelperFailure, HelperGone } from "./helper-failure.ts";
import { PlanHelpers, type Room } from "./plan-helpers.ts";
import type { HelperSource, Turn } from "./warm-helper.ts";

/** The helpers of one connection: a few for each plan that is in use, never shared with another connection. */
export class HelperPool implements Disposable {
  readonly #source: HelperSource;
  /** By the plans' keys, the one used last at the end. */
  readonly #plans = new Map<string, PlanHelpers>();

  constructor(source: HelperSource) {
    this.#source = source;
  }

  /**
   * Gives a request (`wanted.first`) its turn with a helper of the plan; with a fresh one when the helper is gone by
   * then, and, if it may be done twice, when a warm one failed it. Rejects with an RpcError.
   */
  async use<T>(wanted: Wanted, repeatable: boolean, turn: Turn<T>): Promise<T> {
    let wasWarm = false;
    try {
      return await this.#helpersFor(wanted).use(wanted, (helper, state, deadline) => {
        wasWarm = state.warm;
        return turn(helper, state, deadline);
      });
    } catch (cause) {
      if (!(cause instanceof HelperFailure)) throw cause;
      if (cause instanceof HelperGone) return await this.use(wanted, repeatable, turn);
      if (!repeatable) throw cause.withUnknownEffect();
      if (!wasWarm) throw cause;
      // The time of the first may have gone with a helper that somebody had stopped.
      const again = { ...wanted, deadline: deadlineSince(performance.now(), wanted.deadline.ms) };
      return await this.#helpersFor(again).use(again, turn);
    }
  }

  [Symbol.dispose](): void {
    for (const helpers of this.#plans.values()) helpers.end();
    this.#plans.clear();
  }

  #helpersFor({ plan }: Wanted): PlanHelpers {
    const known = this.#plans.get(plan.key);
    this.#plans.delete(plan.key);
    const helpers: PlanHelpers =
      known ??
      new PlanHelpers(
        this.#source,
        this.#roomBeside(() => helpers),
      );
    for (const [key, other] of this.#plans) if (other.size === 0) this.#plans.delete(key);
    this.#plans.set(plan.key, helpers);
    return helpers;
  }

  #roomBeside(own: () => PlanHelpers): Room {
    const most = limits.fsHelpersPerConnection;
    const others = () => [...this.#plans.values()].filter((each) => each !== own() && each.usable > 0);
    return {
      make: () => {
        // First the one that was not used for longest among those with nothing to do.
        const candidates = others().sort((one, other) => Number(other.isIdle) - Number(one.isIdle));
        for (const helpers of candidates) {
          if (this.#count(({ usable }) => usable) < most) return;
          helpers.retireOne();
        }
      },
      spare: () => {
        const isFull = () => this.#count(({ size }) => size) >= most;
        if (isFull())
          others()
            .find(({ isIdle }) => isIdle)
            ?.retireOne();
        return !isFull() && this.#source.slots.hasFree;
      },
    };
  }

  #count(of: (helpers: PlanHelpers) => number): number {
    return this.#plans.values().reduce((sum, helpers) => sum + of(helpers), 0);
  }
}
