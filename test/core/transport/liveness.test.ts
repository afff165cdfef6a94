import { describe, expect, test } from "bun:test";
import { type LinkState, LivenessMonitor } from "../../../core/transport/liveness.ts";

const options = { pingIntervalMs: 5_000, pongDeadlineMs: 15_000, slowReaderDeadlineMs: 60_000 };

/** A monitor with a clock of its own, and one watched peer. */
function watchOne() {
  let now = 0;
  const monitor = new LivenessMonitor({ ...options, now: () => now });
  const silent: LinkState = { kind: "silent" };
  const peer = { pings: 0, state: silent as LinkState, gaveUp: [] as string[] };
  const watch = monitor.watch({
    ping: () => void peer.pings++,
    linkState: () => peer.state,
    giveUp(reason) {
      peer.gaveUp.push(reason);
      watch.stop();
    },
  });
  return {
    peer,
    watch,
    /** Lets time pass tick by tick, as the timer would. */
    pass(ms: number) {
      for (const end = now + ms; now < end; ) {
        now += 2_500;
        monitor.tick();
      }
    },
    jump(ms: number) {
      now += ms;
      monitor.tick();
    },
    [Symbol.dispose]: () => monitor[Symbol.dispose](),
  };
}

describe("the liveness monitor", () => {
  test("pings at the interval", () => {
    using one = watchOne();
    one.pass(10_000);
    expect(one.peer.pings).toBe(2);
  });

  test("gives up a silent peer at the deadline and not before", () => {
    using one = watchOne();
    one.pass(12_500);
    expect(one.peer.gaveUp).toEqual([]);
    one.pass(2_500);
    expect(one.peer.gaveUp).toEqual(["no pong for 15 s"]);
  });

  test("notices within 20 s, whenever in the cycle the peer fell silent", () => {
    using one = watchOne();
    one.pass(2_500);
    one.watch.heard();
    one.pass(17_500);
    expect(one.peer.gaveUp).toHaveLength(1);
  });

  test("keeps a peer that is heard now and then", () => {
    using one = watchOne();
    for (let round = 0; round < 20; round++) {
      one.pass(12_500);
      one.watch.heard();
    }
    expect(one.peer.gaveUp).toEqual([]);
  });

  test("gives a peer with unread data the longer deadline", () => {
    using one = watchOne();
    one.peer.state = { kind: "unread" };
    one.pass(57_500);
    expect(one.peer.gaveUp).toEqual([]);
    one.pass(2_500);
    expect(one.peer.gaveUp).toEqual(["no sign of life and unread data for 60 s"]);
  });

  test("keeps a peer whose message is still arriving, and gives it up when no more comes", () => {
    using one = watchOne();
    one.peer.state = { kind: "arriving", sinceMs: 1_000 };
    one.pass(100_000);
    expect(one.peer.gaveUp).toEqual([]);
    one.peer.state = { kind: "arriving", sinceMs: 15_000 };
    one.pass(17_500);
    expect(one.peer.gaveUp).toHaveLength(1);
  });

  test("does not hold its own standstill against the peer", () => {
    using one = watchOne();
    one.pass(5_000);
    one.jump(600_000);
    expect(one.peer.gaveUp).toEqual([]);
    one.pass(15_000);
    expect(one.peer.gaveUp).toHaveLength(1);
  });

  test("forgets a peer that has stopped", () => {
    using one = watchOne();
    one.watch.stop();
    one.pass(100_000);
    expect([one.peer.pings, one.peer.gaveUp]).toEqual([0, []]);
  });
});
