import { describe, expect, test } from "bun:test";
import { limits } from "../../../core/limits.ts";
import { MemoryBudget } from "../../../core/process/log/memory-budget.ts";
import { OutputLog } from "../../../core/process/log/output-log.ts";
import { SessionRetention } from "../../../core/process/log/session-retention.ts";
import { SpillStore } from "../../../core/process/log/spill-store.ts";
import { ManagedProcess } from "../../../core/process/managed-process.ts";
import { HeldProcess, settled } from "./held-process.ts";
import { KeptSink } from "./kept-sink.ts";

const chunk = new Uint8Array(limits.outputChunkBytes).fill(0x61);
const chunksBehind = limits.unsentOutputBytes / chunk.length;

interface Setting {
  /** Bytes that the disk takes. */
  readonly disk?: number;
  readonly memory?: number;
}

function setting({ disk = 1 << 30, memory = 1 << 30 }: Setting = {}) {
  const spill = new SpillStore({ capacity: disk });
  const budget = new MemoryBudget(spill, { capacity: memory });
  const retention = new SessionRetention();
  const start = () => {
    const held = new HeldProcess();
    const managed = new ManagedProcess(held, { processId: "p", tty: false, budget, retention });
    return { held, managed };
  };
  return { start, budget, retention, [Symbol.dispose]: () => spill[Symbol.dispose]() };
}

describe("ManagedProcess and a listener that does not keep up", () => {
  test("is not read beyond what may wait unsent, and goes on when the listener takes it", async () => {
    using room = setting();
    const { held, managed } = room.start();
    const sink = new KeptSink(0);
    managed.attach(sink);
    for (let n = 0; n < 20; n++) held.stdout.say(chunk);
    await settled();
    const unsent = held.stdout.taken;
    expect(unsent).toBeGreaterThanOrEqual(limits.unsentOutputBytes);
    expect(unsent).toBeLessThanOrEqual(limits.unsentOutputBytes + 2 * chunk.length);
    sink.drain(4);
    managed.progressed();
    await settled();
    expect(held.stdout.taken).toBe(unsent + 4 * chunk.length);
    sink.drain(100);
    managed.progressed();
    held.finish();
    await managed.closed;
    expect(sink.events.length).toBe(22);
  });

  test("goes on when the listener leaves, since nobody is kept waiting then", async () => {
    using room = setting();
    const { held, managed } = room.start();
    managed.attach(new KeptSink(0));
    for (let n = 0; n < 20; n++) held.stdout.say(chunk);
    held.stdout.end();
    held.stderr.end();
    await settled();
    expect(held.stdout.untaken).toBeGreaterThan(0);
    managed.detach();
    await settled();
    expect(held.stdout.untaken).toBe(0);
    managed.abandon();
  });

  test("one byte at a time counts what an event costs, not only its byte", async () => {
    using room = setting();
    const { held, managed } = room.start();
    managed.attach(new KeptSink(0));
    const events = 4 * Math.ceil(limits.unsentOutputBytes / limits.eventOverheadBytes);
    // A pause before each, so that none is joined with the one before.
    for (let n = 0; n < events && held.stdout.untaken < 8; n++) {
      held.stdout.say("x");
      if (n % 16 === 0) await settled();
    }
    await settled();
    expect(managed.log.nextSeq - 1).toBeLessThan(events / 2);
    managed.abandon();
  });
});

describe("ManagedProcess without a listener", () => {
  test("waits where neither memory nor disk takes more, and goes on when another's output is released", async () => {
    using room = setting({ disk: 0, memory: 2 * limits.arenaSegmentBytes });
    const hog = new OutputLog(room.budget);
    while (!room.budget.exhausted) hog.appendOutput("stdout", chunk);
    const { held, managed } = room.start();
    held.stdout.say(chunk);
    await settled();
    expect(held.stdout.taken).toBe(0);
    // Little by little, as retention does: the first release is not enough yet.
    while (hog.memoryBytes > 0) {
      hog.dropFirst();
      await settled();
    }
    expect(held.stdout.taken).toBe(chunk.length);
    managed.abandon();
  });

  test("that lost its listener while the budget was overdrawn goes on once it is not", async () => {
    using room = setting({ disk: 0, memory: limits.arenaSegmentBytes });
    const hog = room.start();
    const waiter = room.start();
    waiter.managed.attach(new KeptSink(0));
    for (let n = 0; n < chunksBehind + 4; n++) waiter.held.stdout.say(chunk);
    await settled();
    for (let n = 0; n < 40; n++) hog.held.stdout.say(chunk);
    await settled();
    waiter.managed.detach();
    await settled();
    const waiting = waiter.held.stdout.untaken;
    expect(waiting).toBeGreaterThan(0);
    hog.managed.abandon();
    while (room.budget.exhausted) waiter.managed.log.dropFirst();
    await settled();
    expect(waiter.held.stdout.untaken).toBeLessThan(waiting);
    waiter.managed.abandon();
  });

  test("goes on after the first listener attaches and takes what waited", async () => {
    using room = setting({ disk: 0, memory: limits.arenaSegmentBytes });
    const { held, managed } = room.start();
    for (let n = 0; n < 40; n++) held.stdout.say(chunk);
    await settled();
    expect(held.stdout.untaken).toBeGreaterThan(0);
    const sink = new KeptSink();
    managed.attach(sink);
    held.finish(3);
    await managed.closed;
    expect(sink.seqs).toEqual(Array.from({ length: 42 }, (_, index) => index + 1));
  });
});

describe("ManagedProcess that is abandoned", () => {
  test("leaves nothing behind in its session's window or in the memory", async () => {
    using room = setting();
    const { held, managed } = room.start();
    managed.attach(new KeptSink());
    held.stdout.say("some output");
    held.finish();
    await managed.closed;
    expect(room.retention.size).toBe(1);
    managed.abandon();
    expect(room.retention.size).toBe(0);
    expect(room.retention.cost).toBe(0);
    expect(managed.log.memoryBytes).toBe(0);
  });

  test("while its output waits for room: the reading ends and its streams are closed", async () => {
    using room = setting();
    const { held, managed } = room.start();
    managed.attach(new KeptSink(0));
    for (let n = 0; n < 20; n++) held.stdout.say(chunk);
    await settled();
    managed.abandon();
    held.exit(0);
    await managed.closed;
    expect(held.stdout.closed && held.stderr.closed).toBe(true);
    expect(room.retention.size).toBe(0);
  });
});

describe("ManagedProcess and the end", () => {
  test("exit is told while a stream is still held, closed only when the last lets go", async () => {
    using room = setting();
    const { held, managed } = room.start();
    const sink = new KeptSink();
    managed.attach(sink);
    held.stdout.say("a");
    await settled();
    held.exit(7);
    held.stdout.end();
    await settled();
    expect(sink.events.map((event) => event.kind)).toEqual(["output", "exited"]);
    expect(managed.running).toBe(false);
    held.stderr.say("late");
    await settled();
    held.stderr.end();
    await managed.closed;
    expect(sink.events.map((event) => event.kind)).toEqual(["output", "exited", "output", "closed"]);
    expect(sink.seqs).toEqual([1, 2, 3, 4]);
  });

  test("terminate kills once, says whether the leader ran, and nothing after closed", async () => {
    using room = setting();
    const { held, managed } = room.start();
    expect(managed.terminate()).toBe(true);
    await managed.closed;
    expect(held.killed).toBe(true);
    expect(managed.terminate()).toBe(false);
    managed.signal(2);
    expect(held.signals).toEqual([]);
  });
});

test("a process that waits for a full disk goes on when others have made room there", async () => {
  const spill = new SpillStore();
  const { write } = spill;
  let full = true;
  spill.write = (bytes) => (full ? undefined : write.call(spill, bytes));
  const budget = new MemoryBudget(spill, { capacity: limits.arenaSegmentBytes });
  const held = new HeldProcess();
  const options = { processId: "p", tty: false, budget, retention: new SessionRetention() };
  const managed = new ManagedProcess(held, options);
  for (let n = 0; n < 40; n++) held.stdout.say(chunk);
  await settled();
  expect(held.stdout.untaken).toBeGreaterThan(0);
  full = false;
  held.finish();
  await managed.closed;
  expect(managed.log.bytesAfter(0)).toBe(40 * chunk.length);
  managed.abandon();
  spill[Symbol.dispose]();
});

describe("ManagedProcess and the limits of what waits for nobody", () => {
  test("output of one process up to the limit is kept, then the child waits until somebody comes and asks", async () => {
    // A disk as large as it takes, that keeps nothing: a gigabyte is too much for a test.
    const spill = new SpillStore();
    const segment = { fd: -1, size: 0, runs: 0 };
    spill.write = () => ({ segment, offset: 0 });
    spill.read = (_, length) => new Uint8Array(length);
    spill.release = () => {};
    const budget = new MemoryBudget(spill);
    const held = new HeldProcess();
    const options = { processId: "p", tty: false, budget, retention: new SessionRetention() };
    const managed = new ManagedProcess(held, options);
    const cost = chunk.length + limits.eventOverheadBytes;
    const fitting = Math.ceil(limits.spillProcessBytes / cost);
    for (let n = 0; n < fitting + 10; n++) held.stdout.say(chunk);
    while (held.stdout.untaken > 10) await settled();
    await settled();
    // One chunk may have been read ahead.
    expect(managed.log.nextSeq - 1).toBe(fitting);
    expect(managed.delivery.lag).toBeGreaterThanOrEqual(limits.spillProcessBytes);
    expect(managed.delivery.lag).toBeLessThan(limits.spillProcessBytes + cost);
    managed.resume(new KeptSink());
    managed.detach();
    await settled();
    // A visit in which nobody asked for the backlog makes no room for more.
    expect(managed.log.nextSeq - 1).toBeLessThanOrEqual(fitting + 2);
    managed.resume(new KeptSink());
    managed.delivery.claim(managed.log.nextSeq - 1, { end: "log", bounded: false });
    managed.progressed();
    held.finish();
    await managed.closed;
    expect(managed.log.nextSeq - 1).toBe(fitting + 12);
    managed.abandon();
  }, 20_000);

  test("as many events as the server keeps, then a child that nobody listens to waits", async () => {
    using room = setting();
    const log = new OutputLog(room.budget);
    while (room.budget.events < limits.retainedEvents - 1) log.appendOutput("stdout", chunk.subarray(0, 1));
    const { held, managed } = room.start();
    const say = async () => {
      held.stdout.say("x");
      await settled();
      return held.stdout.taken;
    };
    expect([await say(), room.budget.exhausted]).toEqual([1, false]);
    expect([await say(), room.budget.exhausted]).toEqual([2, true]);
    // It asked for more before the last event; what comes now waits.
    const taken = await say();
    expect(await say()).toBe(taken);
    for (let n = 0; n < 10; n++) log.dropFirst();
    await settled();
    expect(held.stdout.taken).toBe(4);
    managed.abandon();
    log.clear();
  }, 20_000);
});

test("closed processes that stay readable keep what they said, not what they ran with", async () => {
  using room = setting();
  const processes: ManagedProcess[] = [];
  const ranWith = await Promise.all(
    Array.from({ length: 50 }, async () => {
      const { held, managed } = room.start();
      managed.attach(new KeptSink());
      processes.push(managed);
      held.stdout.say("said");
      held.finish();
      await managed.closed;
      return new WeakRef(held);
    }),
  );
  await settled();
  Bun.gc(true);
  // The collector looks at the stack as it is, so a few may seem to be in use.
  expect(ranWith.filter((held) => held.deref() !== undefined).length).toBeLessThan(10);
  expect(processes.every((managed) => managed.log.bytesAfter(0) === 4)).toBe(true);
});

describe("ManagedProcess and an exit that is told before its output was read", () => {
  test("puts what was there to be read before the exit", async () => {
    using room = setting();
    const { held, managed } = room.start();
    const sink = new KeptSink(10);
    managed.attach(sink);
    await settled();
    held.exit(0);
    await held.exited;
    held.stdout.say("said before the end");
    held.finish();
    await managed.closed;
    expect(sink.events.map((event) => event.kind)).toEqual(["output", "exited", "closed"]);
  });

  test("does not wait for a stream that somebody else holds", async () => {
    using room = setting();
    const { held, managed } = room.start();
    const sink = new KeptSink(10);
    managed.attach(sink);
    held.exit(0);
    await settled();
    expect(sink.events.map((event) => event.kind)).toEqual(["exited"]);
    held.finish();
    await managed.closed;
  });
});

test("ManagedProcess with a sandbox closes once its workspace is tidy, and tells its exit before", async () => {
  using room = setting();
  const tidy = Promise.withResolvers<void>();
  const held = Object.assign(new HeldProcess(), { tidied: tidy.promise });
  const { budget, retention } = room;
  const managed = new ManagedProcess(held, { processId: "p", tty: false, budget, retention });
  held.finish(3);
  await settled();
  expect(managed.running).toBe(false);
  expect(managed.log.closed).toBe(false);
  tidy.resolve();
  await managed.closed;
  expect(managed.log.closed).toBe(true);
});
