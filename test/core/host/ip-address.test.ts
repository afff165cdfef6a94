import { expect, test } from "bun:test";
import { isIPv4 as nodeIsIPv4, isIPv6 as nodeIsIPv6 } from "node:net";
import fc from "fast-check";
import { isIPv4, isIPv6 } from "../../../core/host/ip-address.ts";

const nearly = fc.string({ unit: fc.constantFrom(..."0123456789abf:.%[]/@ "), maxLength: 24 });

test("addresses are what node:net takes for them", () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV4Extended(), fc.ipV6(), nearly), (text) => {
      expect(isIPv4(text)).toBe(nodeIsIPv4(text));
      expect(isIPv6(text)).toBe(nodeIsIPv6(text) && !text.includes("%"));
    }),
    { numRuns: 2_000 },
  );
});

test.each(["", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1.2.3.4 ", "localhost", "0x7f.1"])(
  "%p is no IPv4 address",
  (text) => {
    expect(isIPv4(text)).toBe(false);
  },
);

test.each(["::1", "::", "fe80::1", "::ffff:1.2.3.4", "2001:db8:0:0:0:0:0:1"])(
  "%s is an IPv6 address",
  (text) => {
    expect(isIPv6(text)).toBe(true);
  },
);
