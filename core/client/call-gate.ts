import type { Caller } from "../rpc/caller.ts";

/** A call that goes out as soon as there is a link. */
export interface WaitingCall {
  /** Sends within the call; rejects with LinkCutError where the link is cut before the answer. */
  send(caller: Caller): Promise<unknown>;
  /** Gives up waiting. */
  readonly signal?: AbortSignal;
}

interface Waiting extends WaitingCall {
  readonly order: number;
  resolve(answer: Promise<unknown>): void;
  reject(reason: unknown): void;
}

/**
 * Lets calls through while there is a link and keeps them in order while there is none: those that were cut and are
 * repeated come before those that were made later, or two writes to one process would change places.
 */
export class CallGate {
  #waiting: Waiting[] = [];
  #caller: Caller | undefined;
  #shut: Error | undefined;

  /** `order` is the call's place among all of them, the same for each of its attempts. */
  pass(order: number, call: WaitingCall): Promise<unknown> {
    if (this.#shut !== undefined) return Promise.reject(this.#shut);
    if (this.#caller !== undefined) return call.send(this.#caller);
    const { signal } = call;
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const waiting: Waiting = { ...call, order, resolve, reject };
    this.#waiting.push(waiting);
    const abort = () => {
      this.#waiting = this.#waiting.filter((other) => other !== waiting);
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", abort, { once: true });
    const forget = () => signal?.removeEventListener("abort", abort);
    promise.then(forget, forget);
    return promise;
  }

  /** There is a link: whoever waited is sent now, in order. */
  open(caller: Caller): void {
    this.#caller = caller;
    const waiting = this.#waiting.sort((one, other) => one.order - other.order);
    this.#waiting = [];
    for (const call of waiting) call.resolve(call.send(caller));
  }

  /** There is none for a while. */
  close(): void {
    this.#caller = undefined;
  }

  /** There will be none any more. */
  shut(reason: Error): void {
    this.#caller = undefined;
    this.#shut = reason;
    for (const call of this.#waiting.splice(0)) call.reject(reason);
  }
}
