import { describe, expect, test } from "bun:test";
import { limits } from "../../../../core/limits.ts";
import { Delivery } from "../../../../core/process/log/delivery.ts";
import { MemoryBudget } from "../../../../core/process/log/memory-budget.ts";
import { OutputLog } from "../../../../core/process/log/output-log.ts";
import { SessionRetention } from "../../../../core/process/log/session-retention.ts";
import { SpillStore } from "../../../../core/process/log/spill-store.ts";
import { KeptSink } from "../kept-sink.ts";

const capacity = 10_000;
const eventBytes = 1000 - limits.eventOverheadBytes;

function windowOf(readable = { readableProcess: 0, readableSession: 0 }) {
  const spill = new SpillStore();
  const budget = new MemoryBudget(spill);
  const retention = new SessionRetention({ capacity, ...readable });
  const open = () => {
    const delivery = new Delivery(new OutputLog(budget));
    delivery.attach(new KeptSink());
    return delivery;
  };
  const say = (delivery: Delivery, bytes = eventBytes) => {
    delivery.offer(delivery.log.appendOutput("stdout", new Uint8Array(bytes)));
    retention.update(delivery);
  };
  return { retention, open, say, [Symbol.dispose]: () => spill[Symbol.dispose]() };
}

describe("SessionRetention", () => {
  test("keeps exactly what fits: at the limit nothing goes, one event beyond it the oldest does", () => {
    using window = windowOf();
    const delivery = window.open();
    for (let n = 0; n < 10; n++) window.say(delivery);
    expect(window.retention.cost).toBe(capacity);
    expect(delivery.log.firstSeq).toBe(1);
    window.say(delivery, 1);
    expect(delivery.log.firstSeq).toBe(2);
  });

  test("what was sent last is kept, whoever said it: the end of a short command outlives a flood's beginning", () => {
    using window = windowOf();
    const flood = window.open();
    const short = window.open();
    for (let n = 0; n < 50; n++) window.say(flood);
    window.say(short);
    short.log.appendExited({ kind: "exited", code: 0 });
    short.log.appendClosed();
    short.pump();
    window.retention.update(short);
    for (let n = 0; n < 5; n++) window.say(flood);
    expect(short.log.firstSeq).toBe(1);
    for (let n = 0; n < 5; n++) window.say(flood);
    expect(short.log.event(1)).toBeUndefined();
  });

  test("what was not sent is never dropped, and counts once it is", () => {
    using window = windowOf();
    const delivery = new Delivery(new OutputLog(new MemoryBudget(new SpillStore())));
    const sink = new KeptSink(0);
    delivery.attach(sink);
    for (let n = 0; n < 30; n++) window.say(delivery);
    expect(delivery.log.firstSeq).toBe(1);
    sink.drain(30);
    window.retention.update(delivery);
    expect(delivery.log.firstSeq).toBe(21);
    expect(window.retention.cost).toBe(capacity);
  });

  test("after a resume everything is protected until it is claimed, and then counted anew", () => {
    using window = windowOf();
    const delivery = window.open();
    for (let n = 0; n < 10; n++) window.say(delivery);
    delivery.detach();
    for (let n = 0; n < 10; n++) window.say(delivery);
    delivery.resume(new KeptSink());
    window.retention.update(delivery);
    expect([window.retention.cost, delivery.log.firstSeq]).toEqual([0, 1]);
    delivery.claim(20, { end: "log", bounded: false });
    window.retention.update(delivery);
    expect([window.retention.cost, delivery.log.firstSeq]).toEqual([capacity, 11]);
    for (let n = 0; n < 3; n++) window.say(delivery);
    expect([window.retention.cost, delivery.log.firstSeq]).toEqual([capacity, 14]);
  });

  test("a backlog that nobody asks for is protected while the window has not passed, then let go", () => {
    using window = windowOf();
    const delivery = window.open();
    delivery.detach();
    for (let n = 0; n < 10; n++) window.say(delivery);
    delivery.resume(new KeptSink());
    for (let n = 0; n < 10; n++) window.say(delivery);
    expect(delivery.log.firstSeq).toBe(1);
    window.say(delivery);
    expect(delivery.log.firstSeq).toBe(12);
  });

  test("a forgotten log costs nothing and is dropped from no more", () => {
    using window = windowOf();
    const gone = window.open();
    const stays = window.open();
    for (let n = 0; n < 5; n++) window.say(gone);
    for (let n = 0; n < 5; n++) window.say(stays);
    window.retention.forget(gone);
    expect([window.retention.cost, window.retention.size]).toEqual([5000, 1]);
    for (let n = 0; n < 6; n++) window.say(stays);
    expect(gone.log.firstSeq).toBe(1);
    expect(stays.log.firstSeq).toBe(2);
  });

  test("many resumes leave no history of themselves", () => {
    using window = windowOf();
    const deliveries = [window.open(), window.open(), window.open()];
    for (let cut = 0; cut < 2000; cut++) {
      for (const delivery of deliveries) {
        window.say(delivery, 10);
        delivery.detach();
        delivery.resume(new KeptSink());
        window.retention.update(delivery);
        delivery.claim(delivery.log.nextSeq - 1, { end: "log", bounded: false });
        window.retention.update(delivery);
      }
    }
    expect(window.retention.stretches).toBeLessThan(500);
    expect(window.retention.cost).toBeLessThanOrEqual(capacity);
  });

  test("what has left the window stays readable: so much of each process, so much of all, the eldest goes first", () => {
    using window = windowOf({ readableProcess: 2000, readableSession: 5000 });
    const first = window.open();
    const second = window.open();
    const flood = window.open();
    for (let n = 0; n < 5; n++) window.say(first);
    for (let n = 0; n < 2; n++) window.say(second);
    for (let n = 0; n < 40; n++) window.say(flood);
    // Ten events of the flood are in the window, and two of each beyond it but for one: 6000 would be too much.
    expect(flood.log.firstSeq).toBe(41 - 12);
    expect(second.log.firstSeq).toBe(1);
    expect(first.log.firstSeq).toBe(5);
    expect(window.retention.cost).toBe(capacity + 5000);
    window.retention.forget(flood);
    expect(window.retention.cost).toBe(3000);
  });

  test("output that stays readable goes when its process says more", () => {
    using window = windowOf({ readableProcess: 2000, readableSession: 5000 });
    const ticker = window.open();
    const flood = window.open();
    window.say(ticker);
    for (let n = 0; n < 40; n++) window.say(flood);
    for (let n = 0; n < 30; n++) window.say(ticker);
    expect(ticker.log.firstSeq).toBe(32 - 12);
    expect(window.retention.cost).toBe(capacity + 4000);
  });
});
