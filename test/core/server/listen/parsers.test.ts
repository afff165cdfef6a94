import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { isAllowedHost } from "../../../../core/server/listen/host-header.ts";
import { ListenError } from "../../../../core/server/listen/listen-error.ts";
import { isLoopback, listenUrl, parseListenTarget } from "../../../../core/server/listen/listen-target.ts";

const port = fc.nat(65535);

describe("--listen", () => {
  test("of any address and port is read back from the URL that is printed", () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), port, fc.boolean(), (address, number, tls) => {
        const target = { kind: "websocket", address, port: number, tls } as const;
        expect(parseListenTarget(listenUrl(target))).toEqual(target);
      }),
    );
  });

  test("of any other text is refused as a ListenError", () => {
    const odd = fc.oneof(
      fc.string(),
      fc.string().map((text) => `ws://${text}`),
      fc.domain().map((name) => `ws://${name}:0`),
      fc.webUrl(),
    );
    fc.assert(
      fc.property(odd, (text) => {
        fc.pre(
          !/^wss?:\/\/(\d+\.){3}\d+:\d+$|^wss?:\/\/\[[0-9a-f:.]+\]:\d+$|^unix:\/\/\/.|^stdio/.test(text),
        );
        expect(() => parseListenTarget(text)).toThrow(ListenError);
      }),
    );
  });

  test("counts as loopback only for this machine's own addresses", () => {
    const own = ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"];
    const others = ["0.0.0.0", "::", "128.0.0.1", "10.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "fe80::1"];
    expect(own.filter((address) => !isLoopback(address))).toEqual([]);
    expect(others.filter(isLoopback)).toEqual([]);
  });
});

describe("a Host header", () => {
  const withPort = (host: fc.Arbitrary<string>) =>
    fc.tuple(host, fc.option(port)).map(([name, number]) => (number === null ? name : `${name}:${number}`));

  test("that is an IP literal is let in", () => {
    const literal = fc.oneof(
      fc.ipV4(),
      fc.ipV6().map((address) => `[${address}]`),
    );
    fc.assert(fc.property(withPort(literal), (host) => expect(isAllowedHost(host, [])).toBe(true)));
  });

  test("that is a name is let in only when that very name is allowed", () => {
    fc.assert(
      fc.property(withPort(fc.domain()), fc.domain(), (host, other) => {
        const name = host.replace(/:\d*$/, "");
        expect(isAllowedHost(host, [])).toBe(false);
        expect(isAllowedHost(host, [name.toUpperCase()])).toBe(true);
        expect(isAllowedHost(host, [`sub.${name}`, `${name}.${other}`])).toBe(false);
      }),
    );
  });

  test("that is anything else is kept out", () => {
    const odd = [
      "",
      " ",
      "localhost.evil.example",
      "evil.example/localhost",
      "user@localhost",
      "a, localhost",
    ];
    odd.push("[localhost]", "[::1", "127.0.0.1.", "127.0.0.1:80:80", "0x7f.1", "2130706433", "127.1");
    expect(odd.filter((host) => isAllowedHost(host, []))).toEqual([]);
    expect(isAllowedHost(null, [])).toBe(false);
  });
});
