import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { limits } from "../../../../core/limits.ts";
import { Delivery } from "../../../../core/process/log/delivery.ts";
import { MemoryBudget } from "../../../../core/process/log/memory-budget.ts";
import { OutputLog } from "../../../../core/process/log/output-log.ts";
import { SessionRetention } from "../../../../core/process/log/session-retention.ts";
import { SpillStore } from "../../../../core/process/log/spill-store.ts";
import { KeptSink } from "../kept-sink.ts";

const chunk = (filling: number, length: number = limits.outputChunkBytes): Uint8Array =>
  new Uint8Array(length).fill(filling);

describe("MemoryBudget", () => {
  test("a waiter that trims the very log which just gave memory back frees nothing twice", async () => {
    using spill = new SpillStore({ capacity: 0 });
    const budget = new MemoryBudget(spill, { capacity: 1 });
    const retention = new SessionRetention({
      capacity: 4 * limits.outputChunkBytes,
      readableProcess: 0,
      readableSession: 0,
    });
    const flood = new Delivery(new OutputLog(budget));
    flood.attach(new KeptSink());
    const other = new OutputLog(budget);
    const kept: Uint8Array[] = [];
    for (let n = 0; n < 40; n++) {
      budget.onRelease({ progressed: () => retention.update(flood) });
      flood.offer(flood.log.appendOutput("stdout", chunk(n)));
      retention.update(flood);
      const small = chunk(200 - n, 1000);
      other.appendOutput("stdout", small);
      kept.push(small);
      await Promise.resolve();
    }
    for (const [index, bytes] of kept.entries()) {
      expect(other.event(index + 1)).toEqual({ kind: "output", seq: index + 1, stream: "stdout", bytes });
    }
    expect(retention.cost).toBeLessThanOrEqual(4 * limits.outputChunkBytes);
    expect(flood.log.nextSeq - flood.log.firstSeq).toBe(3);
  });

  test("a little output that is kept among much that passes holds no more memory than the capacity", () => {
    using spill = new SpillStore();
    const capacity = 8 * limits.arenaSegmentBytes;
    const budget = new MemoryBudget(spill, { capacity });
    const ticker = new OutputLog(budget);
    const flood = new OutputLog(budget);
    const perSegment = limits.arenaSegmentBytes / limits.outputChunkBytes;
    for (let n = 0; n < 40 * perSegment; n++) {
      flood.appendOutput("stdout", chunk(n & 0xff));
      flood.dropFirst();
      if (n % perSegment === 0) ticker.appendOutput("stdout", new Uint8Array([n & 0xff]));
    }
    expect(budget.arena.heldBytes).toBeLessThanOrEqual(capacity);
    for (let n = 0; n < 40; n++) {
      const bytes = new Uint8Array([(n * perSegment) & 0xff]);
      expect(ticker.event(n + 1)).toEqual({ kind: "output", seq: n + 1, stream: "stdout", bytes });
    }
  });
});

const sizes = fc.oneof(
  fc.integer({ min: 1, max: 300 }),
  fc.integer({ min: 60_000, max: limits.outputChunkBytes }),
);
const change = fc.tuple(
  fc.nat(3),
  fc.oneof(
    { weight: 4, arbitrary: sizes.map((size) => ({ do: "append", size }) as const) },
    { weight: 2, arbitrary: fc.constant({ do: "drop" } as const) },
    { weight: 1, arbitrary: fc.constant({ do: "spill" } as const) },
    { weight: 1, arbitrary: fc.constant({ do: "clear" } as const) },
  ),
);

test("logs that share one memory never see each other's output, whatever is dropped, spilled and used again", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 150, size: "max" }), (changes) => {
      using spill = new SpillStore();
      const budget = new MemoryBudget(spill, { capacity: 3 * limits.arenaSegmentBytes });
      const logs = Array.from({ length: 4 }, () => new OutputLog(budget));
      const kept = logs.map(() => new Map<number, Uint8Array>());
      let filling = 0;
      for (const [at, what] of changes) {
        const log = logs[at];
        const model = kept[at];
        if (log === undefined || model === undefined) throw new Error("there are four");
        if (what.do === "append") {
          filling = (filling + 1) & 0xff;
          const bytes = chunk(filling, what.size);
          model.set(log.nextSeq, bytes);
          log.appendOutput("stdout", bytes);
        } else if (what.do === "drop") {
          model.delete(log.firstSeq);
          log.dropFirst();
        } else if (what.do === "spill") {
          log.spillFirst();
        } else {
          model.clear();
          log.clear();
        }
      }
      for (const [at, log] of logs.entries()) {
        expect([...(kept[at]?.keys() ?? [])].length).toBe(log.nextSeq - log.firstSeq);
        for (const [seq, bytes] of kept[at] ?? []) {
          const event = log.event(seq);
          expect(event?.kind === "output" && Buffer.compare(event.bytes, bytes)).toBe(0);
        }
        log.clear();
      }
      expect([budget.events, spill.bytes]).toEqual([0, 0]);
      expect(budget.arena.heldBytes).toBeLessThanOrEqual(limits.arenaSegmentBytes);
    }),
    { numRuns: 40 },
  );
}, 30_000);
