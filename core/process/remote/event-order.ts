import { limits } from "../../limits.ts";
import type { ProcessEvent } from "../process-backend.ts";
import { type ReadAnswer, type SequencedEvent, statusOf } from "./process-event.ts";

/**
 * Puts the events of one process into the order of their numbers: what comes early is held back, what comes twice is
 * dropped, and what never came is fetched with `process/read` and merged here. Pure: it only sees data.
 */
export class EventOrder {
  #last: number;
  #held = new Map<number, SequencedEvent>();
  #heldBytes = 0;
  #exited = false;
  #closed = false;
  /** While a question is open: bytes of the outputs that were handed out since, by number. */
  #sinceAsk: Map<number, number> | undefined;

  /** Everything up to `after` was handed out before. */
  constructor(after = 0) {
    this.#last = after;
  }

  /** The number up to which everything was handed out: the `afterSeq` of the next read. */
  get last(): number {
    return this.#last;
  }

  /** The `afterSeq` of a read that is sent now; its answer goes to {@link merge}. */
  ask(): number {
    this.#sinceAsk = new Map();
    return this.#last;
  }

  /** Something before what is held back is missing. */
  get hasHole(): boolean {
    return this.#held.size > 0;
  }

  /** `closed` was handed out: nothing more will come. */
  get done(): boolean {
    return this.#closed;
  }

  /** Takes one notification; gives what may be handed out now. */
  push(event: SequencedEvent): ProcessEvent[] {
    if (event.seq <= this.#last || this.#closed) return [];
    if (event.seq === this.#last + 1) return [...this.#handOut(event), ...this.#release()];
    this.#hold(event);
    return [];
  }

  /** Takes the answer to the read that was last {@link ask}ed; gives what may be handed out now. */
  merge(answer: ReadAnswer): ProcessEvent[] {
    const known = this.#known(answer);
    const ready: ProcessEvent[] = [];
    const endings = Number(answer.exited && !this.#exited && !known.some((event) => event.kind === "exited"));
    const closings = Number(
      answer.closed && !this.#closed && !known.some((event) => event.kind === "closed"),
    );
    let missing = Math.max(0, answer.nextSeq - 1 - this.#last - known.length - endings - closings);
    if (answer.omittedBytes > 0) {
      const omittedBytes = answer.omittedBytes - this.#inHand(answer);
      if (omittedBytes > 0) ready.push({ kind: "gap", omittedBytes });
      missing = 0;
    }
    this.#sinceAsk = undefined;
    for (const event of known) {
      if (missing > 0 && event.seq !== this.#last + 1) {
        ready.push({ kind: "gap" });
        missing = 0;
      }
      // The exit that the server tells of in passing comes before the end it led to.
      if (event.kind === "closed" && endings > 0) ready.push(...this.#exit(answer));
      ready.push(...this.#handOut(event));
    }
    if (missing > 0) ready.push({ kind: "gap" });
    this.#last = Math.max(this.#last, answer.nextSeq - 1);
    if (answer.exited) ready.push(...this.#exit(answer));
    if (answer.closed) ready.push(...this.#close());
    return [...ready, ...this.#release()];
  }

  /** Bytes that the server no longer has and that came here all the same, between the question and its answer. */
  #inHand(answer: ReadAnswer): number {
    const firstSeq = answer.chunks[0]?.seq ?? answer.nextSeq;
    let bytes = 0;
    for (const [seq, length] of this.#sinceAsk ?? []) if (seq < firstSeq) bytes += length;
    for (const event of this.#held.values()) {
      if (event.kind === "output" && event.seq < firstSeq) bytes += event.bytes.length;
    }
    return bytes;
  }

  /** What the answer and the held events say of the numbers from last + 1 to nextSeq - 1. */
  #known(answer: ReadAnswer): SequencedEvent[] {
    const bySeq = new Map<number, SequencedEvent>();
    for (const { seq, stream, chunk } of answer.chunks) {
      if (seq > this.#last) bySeq.set(seq, { kind: "output", seq, stream, bytes: chunk });
    }
    for (const event of this.#held.values()) {
      if (event.seq < answer.nextSeq) bySeq.set(event.seq, event);
    }
    return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  }

  #hold(event: SequencedEvent): void {
    if (this.#held.has(event.seq)) return;
    this.#held.set(event.seq, event);
    if (event.kind === "output") this.#heldBytes += event.bytes.length;
    if (this.#held.size <= limits.heldEvents && this.#heldBytes <= limits.heldEventBytes) return;
    this.#held = new Map([[event.seq, event]]);
    this.#heldBytes = event.kind === "output" ? event.bytes.length : 0;
  }

  #release(): ProcessEvent[] {
    const ready: ProcessEvent[] = [];
    if (this.#held.size === 0) return ready;
    for (const seq of this.#held.keys()) if (seq <= this.#last) this.#unhold(seq);
    for (let next = this.#held.get(this.#last + 1); next; next = this.#held.get(this.#last + 1)) {
      this.#unhold(next.seq);
      ready.push(...this.#handOut(next));
    }
    return ready;
  }

  #unhold(seq: number): void {
    const event = this.#held.get(seq);
    this.#held.delete(seq);
    if (event?.kind === "output") this.#heldBytes -= event.bytes.length;
  }

  #handOut(event: SequencedEvent): ProcessEvent[] {
    this.#last = Math.max(this.#last, event.seq);
    switch (event.kind) {
      case "output":
        this.#sinceAsk?.set(event.seq, event.bytes.length);
        return [{ kind: "output", stream: event.stream, bytes: event.bytes }];
      case "exited":
        if (this.#exited) return [];
        this.#exited = true;
        return [
          { kind: "exited", status: event.status, ...(event.sandboxDenied && { sandboxDenied: true }) },
        ];
      case "closed":
        return this.#close();
    }
  }

  #exit(answer: ReadAnswer): ProcessEvent[] {
    if (this.#exited) return [];
    this.#exited = true;
    const status = statusOf(answer.exitCode, answer.failure);
    return [{ kind: "exited", status, ...(answer.sandboxDenied && { sandboxDenied: true }) }];
  }

  #close(): ProcessEvent[] {
    if (this.#closed) return [];
    this.#closed = true;
    this.#held.clear();
    this.#heldBytes = 0;
    return [{ kind: "closed" }];
  }
}
