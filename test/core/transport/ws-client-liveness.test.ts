import { describe, expect, test } from "bun:test";
import { LivenessMonitor } from "../../../core/transport/liveness.ts";
import { WebSocketClientConnection } from "../../../core/transport/ws-client-connection.ts";

const [ping, pong] = [0x89, 0x8a];

/** A connection whose server says nothing unless told, on a clock of its own. */
function connect() {
  let now = 0;
  const monitor = new LivenessMonitor({ now: () => now });
  /** The first byte of each frame that was sent. */
  const sent: number[] = [];
  const socket = {
    write(bytes: Uint8Array): number {
      sent.push(bytes[0] ?? 0);
      return bytes.length;
    },
    pause() {},
    resume() {},
    end() {},
    terminate() {},
  };
  const connection = new WebSocketClientConnection(socket, "test", monitor);
  return {
    connection,
    sent,
    hear: () => connection.received(Uint8Array.of(pong, 0)),
    /** Lets time pass tick by tick, as the timer would. */
    pass(ms: number) {
      for (const end = now + ms; now < end; ) {
        now += 2_500;
        monitor.tick();
      }
    },
    stand(ms: number) {
      now += ms;
      monitor.tick();
    },
    [Symbol.dispose]: () => monitor[Symbol.dispose](),
  };
}

describe("a websocket client whose server falls silent", () => {
  test("takes the link for cut well within 20 s, whenever in the cycle that was", () => {
    using link = connect();
    link.pass(2_500);
    link.hear();
    link.pass(15_000);
    expect(link.connection.end).toEqual({ code: 1006, reason: "nothing was heard: no pong for 15 s" });
    expect(link.sent).toContain(ping);
  });

  test("stays while pongs come, and while it does not read itself", () => {
    using link = connect();
    for (let round = 0; round < 10; round++) {
      link.pass(5_000);
      link.hear();
    }
    link.connection.pause();
    link.sent.length = 0;
    link.pass(60_000);
    expect(link.connection.end).toBeUndefined();
    expect(new Set(link.sent)).toEqual(new Set([pong]));
    link.connection.resume();
    link.pass(17_500);
    expect(link.connection.end).toBeDefined();
  });

  test("does not hold against it that this process stood still", () => {
    using link = connect();
    link.pass(5_000);
    link.stand(600_000);
    expect(link.connection.end).toBeUndefined();
  });
});
