import type { Delivery, EventSink } from "../../../core/process/log/delivery.ts";
import type { LogEvent } from "../../../core/process/log/event.ts";

/** What an event says, kept beyond the life of its view. */
export type KeptEvent =
  | { readonly kind: "output"; readonly seq: number; readonly text: string }
  | { readonly kind: "exited" | "closed"; readonly seq: number };

/** A listener with room for as many events as the test allows; `drain` is the connection that takes more. */
export class KeptSink implements EventSink {
  readonly events: KeptEvent[] = [];
  readonly failures: unknown[] = [];
  room: number;
  readonly #behind = new Set<Delivery>();

  constructor(room = Number.MAX_SAFE_INTEGER) {
    this.room = room;
  }

  get writable(): boolean {
    return this.room > 0;
  }

  get seqs(): number[] {
    return this.events.map((event) => event.seq);
  }

  deliver(event: LogEvent): void {
    this.room -= 1;
    this.events.push(
      event.kind === "output"
        ? { kind: "output", seq: event.seq, text: new TextDecoder().decode(event.bytes) }
        : { kind: event.kind, seq: event.seq },
    );
  }

  behind(delivery: Delivery): void {
    this.#behind.add(delivery);
  }

  failed(error: unknown): void {
    this.failures.push(error);
  }

  drain(room: number): void {
    this.room += room;
    const behind = [...this.#behind];
    this.#behind.clear();
    for (const delivery of behind) delivery.pump();
  }
}
