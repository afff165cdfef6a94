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
  { weight: 6, arbitrary: chunk.map((bytes) => ({ do: "append", bytes }) as const) },
  { weight: 3, arbitrary: fc.nat(6).map((room) => ({ do: "drain", room }) as const) },
  { weight: 1, arbitrary: fc.constant({ do: "cut" } as const) },
);

describe("Delivery to a client whose link is cut", () => {
  test("every event reaches it once or more and none is missing after resume and one read", () => {
    fc.assert(
      fc.property(fc.array(life, { maxLength: 120 }), (steps) => {
        using spill = new SpillStore({ capacity: 1 << 20 });
        const log = new OutputLog(new MemoryBudget(spill, { capacity: 200 }));
        const retention = new SessionRetention({ capacity: 1 << 20 });
        const delivery = new Delivery(log);
        const received = new Set<number>();
        let sink = new CountingSink();
        delivery.attach(sink);
        for (const one of steps) {
          if (one.do === "append") {
            delivery.offer(log.appendOutput("stdout", one.bytes));
          } else if (one.do === "drain") {
            sink.room += one.room;
            delivery.pump();
          } else {
            // What sat in the socket is lost: only the first half of what was sent arrived.
            for (const seq of sink.seen.slice(0, sink.seen.length >> 1)) received.add(seq);
            delivery.detach();
            sink = new CountingSink();
            delivery.resume(sink);
            let last = 0;
            while (received.has(last + 1)) last += 1;
            const slice = readLog(log, { afterSeq: last, maxBytes: undefined, limitBytes: 60 });
            expect(slice.omittedBytes).toBe(0);
            for (const event of slice.chunks) received.add(event.seq);
            delivery.claim(slice.nextSeq - 1, { end: slice.end, bounded: false });
          }
          retention.update(delivery);
        }
        sink.room = Number.MAX_SAFE_INTEGER;
        delivery.pump();
        for (const seq of sink.seen) received.add(seq);
        for (let seq = 1; seq < log.nextSeq; seq++) expect(received.has(seq)).toBe(true);
        for (let index = 1; index < sink.seen.length; index++) {
          expect(sink.seen[index] ?? 0).toBeGreaterThan(sink.seen[index - 1] ?? 0);
        }
      }),
    );
  });
});
