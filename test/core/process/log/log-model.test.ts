import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Delivery, type EventSink } from "../../../../core/process/log/delivery.ts";
import type { LogEvent } from "../../../../core/process/log/event.ts";
import { MemoryBudget } from "../../../../core/process/log/memory-budget.ts";
import { OutputLog } from "../../../../core/process/log/output-log.ts";
import { readLog } from "../../../../core/process/log/read-log.ts";
import { SessionRetention } from "../../../../core/process/log/session-retention.ts";
import { SpillStore } from "../../../../core/process/log/spill-store.ts";

/** What the log should be, said in the shortest way: every event ever, and how many of the first were dropped. */
interface Model {
  readonly events: { readonly seq: number; readonly bytes: Uint8Array }[];
  dropped: number;
}

const chunk = fc.uint8Array({ minLength: 1, maxLength: 40 });
const step = fc.oneof(
  { weight: 5, arbitrary: chunk.map((bytes) => ({ do: "append", bytes }) as const) },
  { weight: 2, arbitrary: fc.constant({ do: "drop" } as const) },
  { weight: 2, arbitrary: fc.constant({ do: "spill" } as const) },
);

describe("OutputLog against a list", () => {
  test("holds what was appended, in memory or spilled, and counts what was dropped", () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 80 }),
        fc.nat(90),
        fc.option(fc.nat(200)),
        (steps, after, maxBytes) => {
          using spill = new SpillStore({ capacity: 1 << 20 });
          const log = new OutputLog(new MemoryBudget(spill, { capacity: 1 << 20 }));
          const model: Model = { events: [], dropped: 0 };
          for (const one of steps) {
            if (one.do === "append") {
              log.appendOutput("stdout", one.bytes);
              model.events.push({ seq: model.events.length + 1, bytes: one.bytes });
            } else if (one.do === "drop") {
              log.dropFirst();
              model.dropped = Math.min(model.dropped + 1, model.events.length);
            } else {
              log.spillFirst();
            }
          }
          expect(log.firstSeq).toBe(model.dropped + 1);
          expect(log.nextSeq).toBe(model.events.length + 1);
          for (const { seq, bytes } of model.events) {
            const event = log.event(seq);
            if (seq <= model.dropped) expect(event).toBeUndefined();
            else expect(event).toEqual({ kind: "output", seq, stream: "stdout", bytes });
          }
          expectSlice(log, model, { after, maxBytes: maxBytes ?? undefined });
          log.clear();
          expect(log.memoryBytes).toBe(0);
          expect(spill.bytes).toBe(0);
        },
      ),
    );
  });
});

function expectSlice(
  log: OutputLog,
  model: Model,
  read: { after: number; maxBytes: number | undefined },
): void {
  const slice = readLog(log, { afterSeq: read.after, maxBytes: read.maxBytes });
  const wanted = model.events.filter((event) => event.seq > read.after && event.seq > model.dropped);
  const taken: number[] = [];
  let sum = 0;
  for (const event of wanted) {
    if (taken.length > 0 && read.maxBytes !== undefined && sum + event.bytes.length > read.maxBytes) break;
    taken.push(event.seq);
    sum += event.bytes.length;
  }
  expect(slice.chunks.map((event) => event.seq)).toEqual(taken);
  const omitted = model.events
    .filter((event) => event.seq > read.after && event.seq <= model.dropped)
    .reduce((bytes, event) => bytes + event.bytes.length, 0);
  expect(slice.omittedBytes).toBe(omitted);
  const bounded = read.maxBytes !== undefined && taken.length > 0;
  expect(slice.nextSeq).toBe(bounded ? (taken.at(-1) ?? 0) + 1 : model.events.length + 1);
}

/** A sink that takes a given number of events, then says it is full. */
class CountingSink implements EventSink {
  readonly seen: number[] = [];
  room = 0;
  get writable(): boolean {
    return this.room > 0;
  }
  deliver(event: LogEvent): void {
    this.room -= 1;
    this.seen.push(event.seq);
  }
  behind(): void {}
  failed(error: unknown): void {
    throw error;
  }
}

const life = fc.oneof(
  { weight: 8, arbitrary: chunk.map((bytes) => ({ do: "append", bytes }) as const) },
  { weight: 4, arbitrary: fc.nat(6).map((room) => ({ do: "drain", room }) as const) },
  { weight: 1, arbitrary: fc.constant({ do: "cut" } as const) },
  { weight: 2, arbitrary: fc.option(fc.nat(100)).map((maxBytes) => ({ do: "read", maxBytes }) as const) },
);

/** What one client has of one log, over links that are cut. */
class Resumer {
  readonly delivery: Delivery;
  readonly received = new Set<number>();
  sink = new CountingSink();

  constructor(log: OutputLog) {
    this.delivery = new Delivery(log);
    this.delivery.attach(this.sink);
  }

  /** What sat in the socket is lost: only the first half of what was sent arrived. */
  cut(): void {
    for (const seq of this.sink.seen.slice(0, this.sink.seen.length >> 1)) this.received.add(seq);
    this.delivery.detach();
    this.sink = new CountingSink();
    this.delivery.resume(this.sink);
  }

  read(maxBytes: number | undefined): void {
    const { log } = this.delivery;
    for (const seq of this.sink.seen) this.received.add(seq);
    let last = 0;
    while (this.received.has(last + 1)) last += 1;
    const slice = readLog(log, { afterSeq: last, maxBytes, limitBytes: 60 });
    expect(slice.omittedBytes).toBe(0);
    for (const event of slice.chunks) this.received.add(event.seq);
    this.delivery.claim(slice.nextSeq - 1, { end: slice.end, bounded: maxBytes !== undefined });
  }

  /** Takes everything that is pushed, and asks for the rest. */
  finish(): void {
    this.sink.room = Number.MAX_SAFE_INTEGER;
    this.read(undefined);
    this.delivery.pump();
    for (const seq of this.sink.seen) this.received.add(seq);
  }
}

describe("Delivery to a client whose link is cut", () => {
  test("every event reaches it, none twice on one link, and none is missing after a resume and a read", () => {
    fc.assert(
      fc.property(fc.array(life, { maxLength: 120, size: "max" }), (steps) => {
        using spill = new SpillStore({ capacity: 1 << 20 });
        const log = new OutputLog(new MemoryBudget(spill, { capacity: 200 }));
        const retention = new SessionRetention({ capacity: 1 << 20, readableProcess: 0, readableSession: 0 });
        const client = new Resumer(log);
        for (const one of steps) {
          if (one.do === "append") client.delivery.offer(log.appendOutput("stdout", one.bytes));
          else if (one.do === "read") client.read(one.maxBytes ?? undefined);
          else if (one.do === "cut") client.cut();
          else {
            client.sink.room += one.room;
            client.delivery.pump();
          }
          expect(new Set(client.sink.seen).size).toBe(client.sink.seen.length);
          retention.update(client.delivery);
        }
        client.finish();
        for (let seq = 1; seq < log.nextSeq; seq++) expect(client.received.has(seq)).toBe(true);
        expect(new Set(client.sink.seen).size).toBe(client.sink.seen.length);
      }),
      { numRuns: 300 },
    );
  });
});
