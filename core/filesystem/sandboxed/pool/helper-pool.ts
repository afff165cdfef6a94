import { limits } from "../../../limits.ts";
import type { Wanted } from "./helper.ts";
import { HelperFailure, HelperGone } from "./helper-failure.ts";
import { type HelperSource, type Turn, WarmHelper } from "./warm-helper.ts";

/** The helpers of one connection: one for each plan that is in use, never shared with another connection. */
export class HelperPool implements Disposable {
  readonly #source: HelperSource;
  /** By the plans' keys, the one used last at the end. */
  readonly #helpers = new Map<string, WarmHelper>();

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
      return await this.#helperFor(wanted).use((helper, state) => {
        wasWarm = state.warm;
        return turn(helper, state);
      });
    } catch (cause) {
      if (!(cause instanceof HelperFailure)) throw cause;
      if (cause instanceof HelperGone) return await this.use(wanted, repeatable, turn);
      if (!repeatable) throw cause.withUnknownEffect();
      if (!wasWarm) throw cause;
      return await this.#helperFor(wanted).use(turn);
    }
  }

  [Symbol.dispose](): void {
    for (const helper of this.#helpers.values()) helper.end();
    this.#helpers.clear();
  }

  #helperFor(wanted: Wanted): WarmHelper {
    const { plan } = wanted;
    const known = this.#helpers.get(plan.key);
    this.#helpers.delete(plan.key);
    const helper = known?.usable ? known : new WarmHelper(wanted, this.#source);
    if (helper !== known) {
      known?.retire();
      this.#makeRoom();
    }
    this.#helpers.set(plan.key, helper);
    return helper;
  }

  /** Helpers that are gone by themselves leave first, then the one that was not used for longest. */
  #makeRoom(): void {
    for (const [key, helper] of this.#helpers) {
      if (!helper.usable && helper.idle) this.#helpers.delete(key);
    }
    for (const [key, helper] of this.#helpers) {
      if (this.#helpers.size < limits.fsHelpersPerConnection) return;
      helper.retire();
      this.#helpers.delete(key);
    }
  }
}
