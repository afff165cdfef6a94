import { limits } from "../limits.ts";

/** Tells a message that was garbled on its way from a server that speaks another protocol: that says the same again. */
export class RecentFaults {
  #times: readonly number[] = [];

  /** Counts a fault. True: there were so many of late that another connection will not help. */
  isOneTooMany(): boolean {
    const now = performance.now();
    const recent = this.#times.filter((time) => now - time < limits.protocolFaultsMs);
    this.#times = [...recent, now];
    return recent.length >= limits.protocolFaults;
  }
}
