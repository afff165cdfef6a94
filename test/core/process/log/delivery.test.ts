import { describe, expect, test } from "bun:test";
import { limits } from "../../../../core/limits.ts";
import { Delivery } from "../../../../core/process/log/delivery.ts";
import { MemoryBudget } from "../../../../core/process/log/memory-budget.ts";
import { OutputLog } from "../../../../core/process/log/output-log.ts";
import { SpillStore } from "../../../../core/process/log/spill-store.ts";
import { KeptSink } from "../kept-sink.ts";

function logWith(events: number): OutputLog {
  const log = new OutputLog(new MemoryBudget(new SpillStore()));
  for (let n = 1; n <= events; n++) log.appendOutput("stdout", new TextEncoder().encode(`${n}`));
  return log;
}

describe("Delivery after a resume", () => {
  test("what followed the resume and was delivered is not delivered again behind the backlog", () => {
    const log = logWith(10);
    const delivery = new Delivery(log);
    const sink = new KeptSink();
    delivery.resume(sink);
    delivery.offer(log.appendOutput("stdout", new Uint8Array(1)));
    delivery.offer(log.appendOutput("stdout", new Uint8Array(1)));
    delivery.claim(4, { end: "limit", bounded: false });
    expect(sink.seqs).toEqual([11, 12, 5, 6, 7, 8, 9, 10]);
    delivery.offer(log.appendOutput("stdout", new Uint8Array(1)));
    expect(sink.seqs.at(-1)).toBe(13);
  });

  test("a backlog goes out before newer events, in order, while the sink takes it", () => {
    const log = logWith(10);
    const delivery = new Delivery(log);
    const sink = new KeptSink(0);
    delivery.resume(sink);
    delivery.claim(4, { end: "limit", bounded: false });
    delivery.offer(log.appendOutput("stdout", new Uint8Array(1)));
    sink.drain(3);
    expect(sink.seqs).toEqual([5, 6, 7]);
    sink.drain(100);
    expect(sink.seqs).toEqual([5, 6, 7, 8, 9, 10, 11]);
    expect(delivery.lag).toBe(0);
  });

  test("a client that reads in pieces keeps the rest protected and gets nothing pushed", () => {
    const log = logWith(10);
    const delivery = new Delivery(log);
    const sink = new KeptSink();
    delivery.resume(sink);
    delivery.claim(4, { end: "caller", bounded: true });
    expect([sink.seqs, delivery.floor, delivery.unclaimed]).toEqual([[], 5, true]);
    delivery.claim(10, { end: "log", bounded: true });
    expect([sink.seqs, delivery.floor, delivery.unclaimed]).toEqual([[], 11, false]);
  });

  test("a cut in the middle of a backlog: all of it is unclaimed again", () => {
    const log = logWith(10);
    const delivery = new Delivery(log);
    delivery.resume(new KeptSink());
    delivery.claim(2, { end: "limit", bounded: false });
    delivery.detach();
    delivery.resume(new KeptSink());
    expect([delivery.floor, delivery.lag]).toEqual([1, 0]);
  });
});

describe("Delivery.lag", () => {
  test("counts bytes and what each event costs beside them", () => {
    const log = logWith(9);
    const delivery = new Delivery(log);
    const sink = new KeptSink(0);
    delivery.attach(sink);
    expect(delivery.lag).toBe(9 * (1 + limits.eventOverheadBytes));
    sink.drain(4);
    expect(delivery.lag).toBe(5 * (1 + limits.eventOverheadBytes));
  });

  test("without a listener it is all that must be kept for one, whether claimed or not", () => {
    const log = logWith(9);
    const delivery = new Delivery(log);
    delivery.resume(new KeptSink());
    expect(delivery.lag).toBe(0);
    delivery.detach();
    expect(delivery.lag).toBe(9 * (1 + limits.eventOverheadBytes));
  });
});

describe("Delivery of output that cannot be read back", () => {
  test("tells the sink instead of throwing, and delivers nothing behind the hole", () => {
    const spill = new SpillStore();
    const log = new OutputLog(new MemoryBudget(spill));
    log.appendOutput("stdout", new Uint8Array(10));
    log.appendOutput("stdout", new Uint8Array(10));
    log.spillFirst();
    spill.read = () => {
      throw new Error("EIO");
    };
    const sink = new KeptSink();
    new Delivery(log).attach(sink);
    expect(sink.events).toEqual([]);
    expect(sink.failures.length).toBe(1);
  });
});
