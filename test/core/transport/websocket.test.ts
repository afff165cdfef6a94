import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { limits } from "../../../core/limits.ts";
import { type EchoListener, listenEcho } from "../server/listen/echo-listener.ts";
import { RawWebSocket } from "./raw-websocket.ts";

let server: EchoListener;
beforeAll(async () => {
  server = await listenEcho();
});
afterAll(() => server[Symbol.asyncDispose]());

const open = () => RawWebSocket.open({ port: server.port });
const text = 1;
const binary = 2;
const continuation = 0;
const close = 8;
const ping = 9;
const pong = 10;

describe("a websocket message", () => {
  test("in a binary frame is taken as text and answered with text", async () => {
    using socket = await open();
    socket.send(binary, "grüße");
    await socket.until(() => socket.frames.length > 0);
    expect(socket.frames).toEqual([{ opcode: text, payload: Buffer.from("grüße") }]);
  });

  test("keeps a byte order mark, which is no JSON", async () => {
    using socket = await open();
    socket.send(binary, "\ufeff{}");
    await socket.until(() => socket.texts.length > 0);
    expect(socket.texts).toEqual(["\ufeff{}"]);
  });

  test("in a binary frame that is not UTF-8 is reported where serde does, and the connection goes on", async () => {
    using socket = await open();
    socket.send(binary, Buffer.from('{"id":1,"method":"a","x":"\xff"}', "latin1"));
    socket.send(binary, Buffer.from('{"id":1,\n"method":"a\xff"}', "latin1"));
    socket.send(text, "next");
    await socket.until(() => socket.texts.length === 3);
    expect(socket.texts).toEqual([
      "malformed: invalid unicode code point at line 1 column 28",
      "malformed: invalid unicode code point at line 2 column 13",
      "next",
    ]);
  });

  test("in fragments with a ping between them arrives whole, after the pong", async () => {
    using socket = await open();
    socket.send(text, "one ", false);
    socket.send(ping, "p");
    socket.send(continuation, "two");
    await socket.until(() => socket.frames.length === 2);
    expect(socket.frames.map((frame) => [frame.opcode, frame.payload.toString()])).toEqual([
      [pong, "p"],
      [text, "one two"],
    ]);
  });

  test("of exactly the limit passes", async () => {
    using socket = await open();
    socket.send(text, Buffer.alloc(limits.incomingMessageBytes, "x"));
    await socket.until(() => socket.frames.length > 0);
    expect(socket.frames[0]?.payload.length).toBe(limits.incomingMessageBytes);
  });

  test("one byte over the limit ends the connection with 1009 and the reason", async () => {
    using socket = await open();
    socket.send(text, Buffer.alloc(limits.incomingMessageBytes, "x"), false);
    socket.send(continuation, "x");
    await socket.until(() => socket.ended);
    expect(socket.closeFrame).toEqual({ code: 1009, reason: "Received too big message" });
  });
});

describe("a breach of the framing is named in the close frame", () => {
  const cases: Record<string, [(socket: RawWebSocket) => void, number]> = {
    "an unmasked frame": [(socket) => socket.sendBytes(Buffer.from([0x81, 1, 0x61])), 1002],
    "a reserved bit": [(socket) => socket.sendBytes(Buffer.from([0xc1, 0x81, 0, 0, 0, 0, 0x61])), 1002],
    "an unknown opcode": [(socket) => socket.send(3, "x"), 1002],
    "a continuation of nothing": [(socket) => socket.send(continuation, "x"), 1002],
    "a ping over 125 bytes": [(socket) => socket.send(ping, "x".repeat(126)), 1002],
    "text that is not UTF-8": [(socket) => socket.send(text, Buffer.from([0xff])), 1007],
  };
  for (const [name, [breach, code]] of Object.entries(cases)) {
    test(name, async () => {
      using socket = await open();
      breach(socket);
      await socket.until(() => socket.ended);
      expect(socket.closeFrame?.code).toBe(code);
      expect(socket.closeFrame?.reason).not.toBe("");
    });
  }
});

describe("the end of a websocket", () => {
  test("by the peer is answered with the same code", async () => {
    using socket = await open();
    socket.send(close, Buffer.from([0x03, 0xe8]));
    await socket.until(() => socket.ended);
    expect(socket.closeFrame).toEqual({ code: 1000, reason: "" });
  });

  test("by us comes after everything that was sent, with a reason cut to what a close frame holds", async () => {
    using socket = await open();
    const connection = server.connections.at(-1);
    socket.pause();
    for (let part = 0; part < 16; part++) connection?.send(`${part}`.padEnd(1 << 20, "x"));
    connection?.close(1001, "ü".repeat(100));
    connection?.send("after the end");
    socket.resume();
    await socket.until(() => socket.ended);
    expect(socket.texts.map((sent) => Number.parseInt(sent, 10))).toEqual([...Array(16).keys()]);
    expect(socket.closeFrame).toEqual({ code: 1001, reason: "ü".repeat(61) });
  });

  test("is told once, with the reason, whoever ended it", async () => {
    const before = server.closed.length;
    using byPeer = await open();
    byPeer.send(close, Buffer.from([0x03, 0xe8]));
    await byPeer.until(() => byPeer.ended);
    using byUs = await open();
    server.connections.at(-1)?.close(1001, "enough");
    server.connections.at(-1)?.close(1001, "twice");
    await byUs.until(() => byUs.ended);
    expect(server.closed.slice(before)).toEqual(["closed by the peer: 1000", "closed by us: enough"]);
  });
});
