import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { limits } from "../../../core/limits.ts";
import type { Connection } from "../../../core/transport/connection.ts";
import { type LineSink, serveJsonLines } from "../../../core/transport/json-lines-connection.ts";

interface Peer {
  readonly messages: string[];
  readonly written: string[];
  closed: string[];
  connection?: Connection;
}

/** Serves one peer whose whole input is `chunks`; resolves when it has ended. */
async function serve(
  chunks: Iterable<Uint8Array>,
  onMessage: (peer: Peer, text: string) => void = () => {},
  sink?: LineSink,
): Promise<Peer> {
  const peer: Peer = { messages: [], written: [], closed: [] };
  const recording: LineSink = { write: (text) => peer.written.push(text), flush: () => 0 };
  await serveJsonLines({
    read: streamOf(chunks),
    write: sink ?? recording,
    peer: "stdio",
    accept(connection) {
      peer.connection = connection;
      return {
        message(text) {
          peer.messages.push(text);
          onMessage(peer, text);
        },
        drained() {},
        closed: (reason) => void peer.closed.push(reason ?? ""),
      };
    },
  });
  return peer;
}

const bytes = (text: string) => new TextEncoder().encode(text);

function streamOf(chunks: Iterable<Uint8Array>): ReadableStream<Uint8Array> {
  const rest = chunks[Symbol.iterator]();
  return new ReadableStream({
    pull(controller) {
      const { done, value } = rest.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

/** The bytes, cut at the given positions. */
function cutAt(whole: Uint8Array, positions: readonly number[]): Uint8Array[] {
  const cuts = [0, ...positions.map((at) => at % (whole.length + 1)).sort((a, b) => a - b), whole.length];
  return cuts.slice(1).map((end, index) => whole.slice(cuts[index], end));
}

describe("a peer that speaks JSON lines", () => {
  test("sends the same messages wherever its bytes are cut", async () => {
    const line = fc.string({ unit: "binary" }).map((text) => text.replace(/[\r\n]/g, "") || "x");
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.constantFrom("\n", "\r\n", "\n\n", "\n \r\n"),
        async (lines, cuts, newline) => {
          const wellFormed = lines.map((text) => text.toWellFormed());
          const sent = bytes(wellFormed.map((text) => text + newline).join(""));
          const peer = await serve(cutAt(sent, cuts));
          expect(peer.messages).toEqual(wellFormed.filter((text) => text.trim() !== ""));
          expect(peer.closed).toEqual(["end of input"]);
        },
      ),
    );
  });

  test("gets no answer to a last line without a newline", async () => {
    const peer = await serve([bytes('{"id":1}\n{"id":2}')]);
    expect(peer.messages).toEqual(['{"id":1}']);
  });

  test("may send a line of exactly the limit", async () => {
    const line = Buffer.alloc(limits.incomingMessageBytes, "x");
    const peer = await serve([line, bytes("\n")]);
    expect(peer.messages.map((text) => text.length)).toEqual([limits.incomingMessageBytes]);
  });

  test("is ended by a line one byte over the limit, before the line is over", async () => {
    const peer = await serve([
      Buffer.alloc(limits.incomingMessageBytes, "x"),
      bytes("x"),
      bytes("never read\n"),
    ]);
    expect(peer.messages).toEqual([]);
    expect(peer.closed).toEqual([`a line exceeds ${limits.incomingMessageBytes} bytes`]);
  });

  test("is ended by bytes that are not UTF-8, after the lines before them", async () => {
    const peer = await serve([bytes("first\n"), Buffer.from([0xff, 0x0a]), bytes("never\n")]);
    expect([peer.messages, peer.closed]).toEqual([["first"], ["the input is not UTF-8"]]);
  });

  test("gets every answer on a line of its own, the last one too", async () => {
    const peer = await serve([bytes("a\nb\nc\n")], ({ connection }, text) => connection?.send(`re ${text}`));
    expect(peer.written.join("")).toBe("re a\nre b\nre c\n");
  });

  test("hears nothing more after the owner has closed, but all that was sent before", async () => {
    const peer = await serve([bytes("bad\nlater\n")], ({ connection }) => {
      connection?.send("why");
      connection?.close(1002, "no such notification");
      connection?.send("too late");
    });
    expect(peer.messages).toEqual(["bad"]);
    expect(peer.written).toEqual(["why\n"]);
    expect(peer.closed).toEqual(["closed by us: no such notification"]);
  });

  test("is ended when nobody reads its output any more", async () => {
    const broken: LineSink = { write: () => 0, flush: () => Promise.reject(new Error("EPIPE: broken pipe")) };
    const peer = await serve(endless(), ({ connection }) => connection?.send("x"), broken);
    expect(peer.closed).toEqual(["the output is gone: EPIPE: broken pipe"]);
    expect(peer.connection?.buffered).toBe(0);
  });
});

test("backpressure on JSON lines: `buffered` counts what the output has not taken, and `drained` follows", async () => {
  let release = Promise.withResolvers<number>();
  const taken: number[] = [];
  const blocked: LineSink = {
    write: (text) => taken.push(text.length),
    flush: () => release.promise,
  };
  const input = new TransformStream<Uint8Array, Uint8Array>();
  const opened = Promise.withResolvers<Connection>();
  const drained = Promise.withResolvers<void>();
  const served = serveJsonLines({
    read: input.readable,
    write: blocked,
    peer: "stdio",
    accept(connection) {
      opened.resolve(connection);
      return { message() {}, drained: drained.resolve, closed() {} };
    },
  });
  const connection = await opened.promise;
  const text = "x".repeat(limits.outboundHighWaterBytes);
  connection.send(text);
  connection.send("next");
  expect(connection.buffered).toBe(text.length + 1 + 5);
  release.resolve(0);
  release = Promise.withResolvers<number>();
  release.resolve(0);
  await drained.promise;
  expect(taken).toEqual([text.length + 1, 5]);
  await input.writable.close();
  await served;
  expect(connection.buffered).toBe(0);
});

function* endless(): Generator<Uint8Array> {
  for (;;) yield bytes("again\n");
}
