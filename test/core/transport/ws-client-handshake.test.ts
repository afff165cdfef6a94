import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { UpgradeHandshake, UpgradeRefusedError } from "../../../core/transport/ws-client-handshake.ts";

const begin = (bearerToken?: string) =>
  new UpgradeHandshake({ host: "h:1", path: "/p?q", ...(bearerToken === undefined ? {} : { bearerToken }) });

function acceptFor({ request }: UpgradeHandshake): string {
  const key = /Sec-WebSocket-Key: (\S+)/.exec(request)?.[1] ?? "";
  return new Bun.CryptoHasher("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}

const encode = (text: string) => new TextEncoder().encode(text);

describe("the upgrade", () => {
  test("asks as RFC 6455 has it, with the token where there is one", () => {
    expect(begin().request).toMatch(/^GET \/p\?q HTTP\/1\.1\r\nHost: h:1\r\n(\S+: .+\r\n)+\r\n$/);
    expect(begin().request).not.toContain("Authorization");
    expect(begin("secret").request).toContain("\r\nAuthorization: Bearer secret\r\n");
  });

  test("is done when the header is whole, however it was split, and gives what follows it", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 8 }), fc.uint8Array({ maxLength: 50 }), (cuts, rest) => {
        const handshake = begin();
        const header = `HTTP/1.1 101 Ok\r\nX: y\r\nsec-websocket-ACCEPT:  ${acceptFor(handshake)}\r\n\r\n`;
        const bytes = Buffer.concat([encode(header), rest]);
        const places = [...cuts.map((cut) => cut % bytes.length), bytes.length].sort((a, b) => a - b);
        const given: Uint8Array[] = [];
        let from = 0;
        for (const end of places) {
          const piece = bytes.subarray(from, end);
          from = end;
          const after = given.length > 0 ? piece : handshake.push(piece);
          if (after !== undefined) given.push(after);
        }
        expect(Buffer.concat(given).equals(Buffer.from(rest))).toBe(true);
      }),
    );
  });

  test("is refused, never worse, for any other answer", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          expect(begin().push(bytes)).toBeUndefined();
          begin().push(Buffer.concat([bytes, encode("\r\n\r\n")]));
        } catch (error) {
          expect(error).toBeInstanceOf(UpgradeRefusedError);
        }
      }),
    );
  });

  test("is refused for a header without an end", () => {
    const handshake = begin();
    expect(() => {
      for (let index = 0; index < 100; index++) handshake.push(new Uint8Array(1_000).fill(65));
    }).toThrow(/no end/);
  });
});
