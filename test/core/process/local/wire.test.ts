import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  EventDecoder,
  encodeBlob,
  encodeRequest,
  type GuardianEvent,
} from "../../../../core/process/local/wire.ts";
import { plan } from "./running.ts";

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const i32 = fc.integer({ min: -0x80000000, max: 0x7fffffff });
const event: fc.Arbitrary<GuardianEvent> = fc.record({ token: u32, kind: u32, a: i32, b: i32 });

function bytesOf(events: readonly GuardianEvent[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(events.length * 16));
  events.forEach(({ token, kind, a, b }, index) => {
    view.setUint32(index * 16, token, true);
    view.setUint32(index * 16 + 4, kind, true);
    view.setInt32(index * 16 + 8, a, true);
    view.setInt32(index * 16 + 12, b, true);
  });
  return new Uint8Array(view.buffer);
}

describe("guardian events", () => {
  test("come out whole and in order however the pipe's reads cut them", () => {
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 50 })),
        (events, cuts) => {
          const bytes = bytesOf(events);
          const decoder = new EventDecoder();
          const decoded: GuardianEvent[] = [];
          let offset = 0;
          for (const length of [...cuts, bytes.length]) {
            decoded.push(...decoder.decode(bytes.subarray(offset, offset + length)));
            offset += length;
          }
          expect(decoded).toEqual(events);
        },
      ),
    );
  });
});

describe("a start request", () => {
  test("is 32 bytes of little-endian numbers", () => {
    const bytes = encodeRequest({
      token: 0xfffffffe,
      terminal: "own",
      executable: true,
      inherited: 3,
      kept: 2,
      blobBytes: 258,
      openFiles: 1024,
    });
    expect(Buffer.from(bytes).toString("hex")).toBe(
      "33584347feffffff050000000201000000040000000000000300000002000000",
    );
  });

  test("carries the command as NUL-terminated strings behind their counts", () => {
    const blob = encodeBlob(plan(["prog", "a", ""], { arg0: "", cwd: "/c", env: [["N", "v"]] }));
    expect(Buffer.from(blob.subarray(0, 8)).toString("hex")).toBe("0300000001000000");
    expect(Buffer.from(blob.subarray(8)).toString()).toBe("/c\0prog\0\0a\0\0N=v\0");
  });
});
