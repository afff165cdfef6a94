import { limits } from "../../limits.ts";

/** Holds back the server while our own consumers are slow, so that the client's memory stays bounded. */
export class InboundBudget {
  readonly #hold: (held: boolean) => void;
  #bytes = 0;
  #held = false;

  /** `hold(true)` must stop the link from reading, `hold(false)` let it go on. */
  constructor(hold: (held: boolean) => void) {
    this.#hold = hold;
  }

  get held(): boolean {
    return this.#held;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    if (this.#held || this.#bytes < limits.inboundHighWaterBytes) return;
    this.#held = true;
    this.#hold(true);
  }

  remove(bytes: number): void {
    this.#bytes -= bytes;
    if (!this.#held || this.#bytes > limits.inboundLowWaterBytes) return;
    this.#held = false;
    this.#hold(false);
  }
}
