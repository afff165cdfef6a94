import type { LogEvent } from "./event.ts";
import type { OutputLog } from "./output-log.ts";

/** Where events go while a connection is attached. */
export interface EventSink {
  /** Can it take another event now? */
  readonly writable: boolean;
  /** Takes one event, in the order of delivery. */
  deliver(event: LogEvent): void;
  /** There is something to deliver but the sink was not writable; it calls {@link Delivery.pump} when it is. */
  behind(delivery: Delivery): void;
  /** The next event cannot be read back from disk, so nothing more can be delivered in order. */
  failed(error: unknown): void;
}

/**
 * How far a log has been handed to the connection that is attached, and what retention must still protect.
 *
 * `next` is the live cursor. After a resume the client asks with one `process/read` for what it misses; what does not
 * fit that answer is the `backfill`, pushed as notifications before newer events. Until the client has asked,
 * everything retained is `unclaimed` and kept.
 */
export class Delivery {
  readonly log: OutputLog;
  #next = 1;
  #backfill: { next: number; readonly end: number } | undefined;
  #unclaimedFrom: number | undefined;
  /** Where the live cursor stood at the last resume: what is before it was not delivered on this attachment. */
  #resumedAt = 1;
  #sink: EventSink | undefined;

  constructor(log: OutputLog) {
    this.log = log;
  }

  get attached(): boolean {
    return this.#sink !== undefined;
  }

  /** Who is attached: another one after each attachment. */
  get attachment(): EventSink | undefined {
    return this.#sink;
  }

  /** Events below this were handed over; the retention window may drop the oldest of them. */
  get floor(): number {
    return Math.min(this.#next, this.#backfill?.next ?? this.#next, this.#unclaimedFrom ?? this.#next);
  }

  /**
   * What the events cost that the attached connection lags behind; unclaimed ones are no lag, since the client may
   * never ask. With nobody attached: everything that has to be kept for whoever comes.
   */
  get lag(): number {
    const { log } = this;
    if (this.#sink === undefined) return log.costAfter(this.floor - 1);
    const live = log.costAfter(this.#next - 1);
    const backfill = this.#backfill;
    if (backfill === undefined) return live;
    return live + log.costAfter(backfill.next - 1) - log.costAfter(backfill.end);
  }

  /** First attachment: everything is delivered from the first event on. */
  attach(sink: EventSink): void {
    this.#sink = sink;
    this.pump();
  }

  /** A resumed session: newer events are delivered, older ones wait for the client to ask. */
  resume(sink: EventSink): void {
    this.#sink = sink;
    this.#backfill = undefined;
    this.#next = this.log.nextSeq;
    this.#resumedAt = this.#next;
    this.#unclaimedFrom = this.log.firstSeq < this.#next ? this.log.firstSeq : undefined;
  }

  detach(): void {
    this.#sink = undefined;
  }

  /**
   * The client has read up to `lastSeq`. The first read without `maxBytes` after a resume claims the backlog: what our
   * own limit kept out of the answer follows as notifications. A client that reads in pieces keeps the rest protected.
   */
  claim(
    lastSeq: number,
    read: { readonly end: "log" | "caller" | "limit"; readonly bounded: boolean },
  ): void {
    if (this.#unclaimedFrom === undefined) return;
    if (read.end !== "log" && read.bounded) {
      this.#unclaimedFrom = Math.max(this.#unclaimedFrom, lastSeq + 1);
      return;
    }
    this.#unclaimedFrom = undefined;
    if (read.end === "limit" && lastSeq + 1 < this.#resumedAt)
      this.#backfill = { next: lastSeq + 1, end: this.#resumedAt - 1 };
    this.pump();
  }

  /** Stops protecting a backlog that the client did not ask for. */
  abandonUnclaimed(): void {
    this.#unclaimedFrom = undefined;
  }

  get unclaimed(): boolean {
    return this.#unclaimedFrom !== undefined;
  }

  /** What the live events cost that were delivered since a backlog was left unclaimed. */
  get costPastUnclaimed(): number {
    if (this.#unclaimedFrom === undefined) return 0;
    return this.log.costAfter(this.#resumedAt - 1) - this.log.costAfter(this.#next - 1);
  }

  /** The event just appended is the next to deliver: hands it over without looking it up again. */
  offer(event: LogEvent): void {
    const sink = this.#sink;
    if (sink === undefined) return;
    if (this.#backfill !== undefined || event.seq !== this.#next || !sink.writable) return sink.behind(this);
    this.#next += 1;
    sink.deliver(event);
  }

  /** Delivers while the sink takes it. */
  pump(): void {
    while (this.step());
  }

  /** Delivers one event. False: nothing left, or the sink is full (it has been told). */
  step(): boolean {
    const sink = this.#sink;
    if (sink === undefined) return false;
    const seq = this.#backfill?.next ?? this.#next;
    if (seq >= this.log.nextSeq) return false;
    if (!sink.writable) {
      sink.behind(this);
      return false;
    }
    const event = this.#lookUp(seq, sink);
    if (event === "unreadable") return false;
    this.#advance();
    if (event !== undefined) sink.deliver(event);
    return true;
  }

  #lookUp(seq: number, sink: EventSink): LogEvent | undefined | "unreadable" {
    try {
      return this.log.event(seq);
    } catch (error) {
      sink.failed(error);
      return "unreadable";
    }
  }

  #advance(): void {
    const backfill = this.#backfill;
    if (backfill === undefined) {
      this.#next += 1;
      return;
    }
    backfill.next += 1;
    if (backfill.next > backfill.end) this.#backfill = undefined;
  }
}
