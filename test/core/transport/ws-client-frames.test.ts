import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { limits } from "../../../core/limits.ts";
import {
  encodeFrame,
  type Frame,
  FrameReader,
  Opcode,
  WebSocketProtocolError,
} from "../../../core/transport/ws-client-frames.ts";
import { MessageAssembler } from "../../../core/transport/ws-client-messages.ts";

/** A frame as a server sends it: not masked. */
function serverFrame(opcode: number, payload: Uint8Array, final = true): Uint8Array {
  const { length } = payload;
  const head = length < 126 ? [length] : length < 65_536 ? [126, length >> 8, length & 255] : [];
  const long = new Uint8Array(9);
  long[0] = 127;
  new DataView(long.buffer).setBigUint64(1, BigInt(length));
  const first = (final ? 0x80 : 0) | opcode;
  return Buffer.concat([new Uint8Array([first]), head.length > 0 ? new Uint8Array(head) : long, payload]);
}

/** Gives the bytes in pieces that end at the given places. */
function inPieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...places, bytes.length].map((end, index) => bytes.subarray(places[index - 1] ?? 0, end));
}

describe("frames from a server", () => {
  test("come out the same however the bytes were split", () => {
    const payloads = fc.array(
      fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ minLength: 65_530, maxLength: 65_540 })),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(payloads, fc.array(fc.nat(), { maxLength: 20 }), (list, cuts) => {
        const reader = new FrameReader();
        const seen: Frame[] = [];
        const bytes = Buffer.concat(list.map((payload) => serverFrame(Opcode.binary, payload)));
        for (const piece of inPieces(bytes, cuts)) {
          reader.push(piece, (frame) => seen.push({ ...frame, payload: frame.payload.slice() }));
        }
        expect(seen.map((frame) => Buffer.from(frame.payload).toHex())).toEqual(
          list.map((payload) => Buffer.from(payload).toHex()),
        );
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    ["a reserved bit", [0xc1, 0]],
    ["a mask", [0x81, 0x80, 0, 0, 0, 0]],
    ["a control frame in pieces", [0x09, 0]],
    ["a control frame over 125 bytes", [0x89, 126, 0, 200]],
  ])("with %s are refused", (_name, bytes) => {
    expect(() => new FrameReader().push(new Uint8Array(bytes), () => {})).toThrow(WebSocketProtocolError);
  });

  test("over the limit are refused before their bytes are awaited", () => {
    const header = new Uint8Array(10);
    header.set([0x82, 127]);
    new DataView(header.buffer).setBigUint64(2, BigInt(limits.incomingMessageBytes + 1));
    expect(() => new FrameReader().push(header, () => {})).toThrow(/exceeds/);
  });
});

describe("frames of ours", () => {
  test("are masked, and unmask to what was sent", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70_000 }), (payload) => {
        const frame = encodeFrame(Opcode.binary, payload);
        const short = (frame[1] ?? 0) & 0x7f;
        expect((frame[1] ?? 0) & 0x80).toBe(0x80);
        const start = short === 127 ? 10 : short === 126 ? 4 : 2;
        const mask = frame.subarray(start, start + 4);
        const plain = frame.subarray(start + 4).map((byte, index) => byte ^ (mask[index & 3] ?? 0));
        expect(Buffer.from(plain).equals(payload)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe("messages from a server", () => {
  const text = (bytes: string) => new TextEncoder().encode(bytes);

  test("are joined from fragments, with a ping between them", () => {
    const assembler = new MessageAssembler();
    expect(assembler.take({ final: false, opcode: Opcode.text, payload: text("a") })).toBeUndefined();
    expect(assembler.take({ final: true, opcode: Opcode.ping, payload: text("p") })?.kind).toBe("ping");
    expect(assembler.take({ final: true, opcode: Opcode.continuation, payload: text("b") })).toEqual({
      kind: "message",
      text: "ab",
    });
  });

  test("that are not UTF-8 are refused", () => {
    const payload = new Uint8Array([0xff]);
    expect(() => new MessageAssembler().take({ final: true, opcode: Opcode.text, payload })).toThrow(/UTF-8/);
  });

  test("a close says its code and reason", () => {
    const payload = Buffer.concat([new Uint8Array([0x03, 0xe9]), text("bye")]);
    expect(new MessageAssembler().take({ final: true, opcode: Opcode.close, payload })).toEqual({
      kind: "close",
      code: 1001,
      reason: "bye",
    });
  });
});
