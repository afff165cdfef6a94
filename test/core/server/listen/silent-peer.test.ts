import { expect, test } from "bun:test";
import { limits } from "../../../../core/limits.ts";
import { RawWebSocket } from "../../transport/raw-websocket.ts";
import { listenEcho } from "./echo-listener.ts";

const ping = 9;
const pong = 10;
// The order of the deadlines is what counts; the ratios are those of the real ones.
const liveness = { pingIntervalMs: 25, pongDeadlineMs: 75, slowReaderDeadlineMs: 300 };

test("a peer that answers no ping is closed, told why, and its end is reported", async () => {
  await using server = await listenEcho({ liveness });
  using silent = await RawWebSocket.open({ port: server.port });
  await silent.until(() => silent.ended);
  expect(silent.frames.filter((frame) => frame.opcode === ping).length).toBeGreaterThan(0);
  expect(silent.closeFrame?.code).toBe(1001);
  expect(silent.closeFrame?.reason).toStartWith("no pong for ");
  expect(server.closed).toEqual([`closed by us: ${silent.closeFrame?.reason}`]);
});

test("a peer that answers pings, or sends anything else, stays while a silent one goes", async () => {
  await using server = await listenEcho({ liveness });
  using ponging = await RawWebSocket.open({ port: server.port });
  using talking = await RawWebSocket.open({ port: server.port });
  const chat = setInterval(() => {
    ponging.send(pong, "");
    talking.send(1, "x");
  }, 5);
  for (let round = 0; round < 3; round++) {
    using silent = await RawWebSocket.open({ port: server.port });
    await silent.until(() => silent.ended);
  }
  clearInterval(chat);
  expect(server.closed).toHaveLength(3);
  expect([ponging.ended, talking.ended]).toEqual([false, false]);
});

test("a peer whose one long message is still arriving stays while a silent one goes", async () => {
  await using server = await listenEcho({ liveness });
  using sender = await RawWebSocket.open({ port: server.port });
  sender.sendBytes(Buffer.from([0x81, 0xfe, 0xff, 0xff, 0, 0, 0, 0]));
  const trickle = setInterval(() => sender.sendBytes(Buffer.from("x")), 5);
  for (let round = 0; round < 3; round++) {
    using silent = await RawWebSocket.open({ port: server.port });
    await silent.until(() => silent.ended);
  }
  clearInterval(trickle);
  expect([sender.ended, server.closed.length]).toEqual([false, 3]);
  await sender.until(() => sender.ended);
  expect(sender.closeFrame?.reason).toStartWith("no pong");
});

test("a peer that has stopped reading, with data of ours unread, is given the longer deadline", async () => {
  await using server = await listenEcho({ liveness });
  using slow = await RawWebSocket.open({ port: server.port });
  const [connection] = server.connections;
  slow.pause();
  for (let part = 0; part < 16; part++) connection?.send("x".repeat(1 << 20));
  expect(connection?.buffered).toBeGreaterThan(limits.outboundHighWaterBytes);
  using silent = await RawWebSocket.open({ port: server.port });
  await silent.until(() => silent.ended);
  expect(server.closed).toHaveLength(1);
  expect(server.closed[0]).toStartWith("closed by us: no pong");
  while (server.closed.length < 2) await Bun.sleep(5);
  expect(server.closed[1]).toStartWith("closed by us: no sign of life and unread data");
});
