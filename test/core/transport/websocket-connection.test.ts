import { expect, test } from "bun:test";
import { limits } from "../../../core/limits.ts";
import { WebSocketConnection, type WebSocketEnd } from "../../../core/transport/websocket-connection.ts";

/** The end of a websocket whose peer reads only when the test says so. */
function stalledEnd() {
  const end = {
    unread: 0,
    sent: [] as string[],
    closed: undefined as readonly [number | undefined, string | undefined] | undefined,
  };
  const socket: WebSocketEnd = {
    send(text) {
      end.sent.push(text);
      end.unread += text.length;
      return -1;
    },
    close(code, reason) {
      end.closed = [code, reason];
    },
    ping: () => 0,
    getBufferedAmount: () => end.unread,
  };
  const connection = new WebSocketConnection(socket, "127.0.0.1:5");
  const events: string[] = [];
  connection.attach({
    message: (text) => void events.push(`message ${text}`),
    drained: () => void events.push("drained"),
    closed: (reason) => void events.push(`closed: ${reason}`),
  });
  return { end, connection, events };
}

test("a close waits until the peer has read what was sent before, however long it takes", async () => {
  const { end, connection, events } = stalledEnd();
  connection.send("x".repeat(1 << 20));
  connection.close(1001, "enough");
  await Promise.resolve();
  expect(events).toEqual(["closed: closed by us: enough"]);
  end.unread = 10;
  connection.onDrain();
  expect(end.closed).toBeUndefined();
  end.unread = 0;
  connection.onDrain();
  expect(end.closed).toEqual([1001, "enough"]);
});

test("after a close nothing is sent, heard or told any more", async () => {
  const { end, connection, events } = stalledEnd();
  connection.close(1000, "");
  connection.send("late");
  connection.onMessage("late");
  connection.onMalformed("late");
  connection.onClose("closed by the peer");
  connection.onDrain();
  await Promise.resolve();
  expect([end.sent, events]).toEqual([[], ["closed: closed by us: "]]);
});

test("a peer that is given up is closed at once, with data unread", async () => {
  const { end, connection, events } = stalledEnd();
  connection.send("x");
  connection.giveUp("no pong for 15 s");
  await Promise.resolve();
  expect(end.closed).toEqual([1001, "no pong for 15 s"]);
  expect(events).toEqual(["closed: closed by us: no pong for 15 s"]);
});

test("an end that comes from within a message is told after that message", async () => {
  const { connection } = stalledEnd();
  const told: string[] = [];
  connection.attach({
    message() {
      connection.close(1002, "bad");
      told.push("message handled");
    },
    drained() {},
    closed: () => void told.push("closed"),
  });
  connection.onMessage("x");
  await Promise.resolve();
  expect(told).toEqual(["message handled", "closed"]);
});

test("whoever does not listen to malformed messages loses the connection to one", () => {
  const { end, connection } = stalledEnd();
  connection.onMalformed("not UTF-8");
  expect(end.closed).toEqual([1007, "not UTF-8"]);
});

test("whoever saw more than the high-water mark is told when it is gone, also when a ping made it so", () => {
  const { end, connection, events } = stalledEnd();
  connection.send("x".repeat(limits.outboundHighWaterBytes));
  end.unread += 6;
  expect(connection.buffered).toBe(limits.outboundHighWaterBytes + 6);
  end.unread = 0;
  connection.onDrain();
  expect(events).toEqual(["drained"]);
});
