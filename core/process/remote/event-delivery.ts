import type { ProcessEvent, ProcessSink } from "../process-backend.ts";
import type { InboundBudget } from "./inbound-budget.ts";

/** Hands the events of one process to its sink one after the other, counting what waits. */
export class EventDelivery {
  readonly #sink: ProcessSink;
  readonly #budget: InboundBudget;
  #waiting: ProcessEvent[] = [];
  #busy = false;

  constructor(sink: ProcessSink, budget: InboundBudget) {
    this.#sink = sink;
    this.#budget = budget;
  }

  deliver(events: readonly ProcessEvent[]): void {
    for (const event of events) {
      this.#budget.add(weight(event));
      this.#waiting.push(event);
    }
    if (!this.#busy) this.#run();
  }

  #run(): void {
    for (let event = this.#waiting.shift(); event !== undefined; event = this.#waiting.shift()) {
      const given = event;
      const pending = this.#sink(given);
      if (pending === undefined) {
        this.#budget.remove(weight(given));
        continue;
      }
      this.#busy = true;
      const next = () => {
        this.#busy = false;
        this.#budget.remove(weight(given));
        this.#run();
      };
      // A sink that fails has lost its reader; the rest is still delivered, so that the end of the process is seen.
      pending.then(next, next);
      return;
    }
  }
}

function weight(event: ProcessEvent): number {
  return event.kind === "output" ? event.bytes.length : 0;
}
