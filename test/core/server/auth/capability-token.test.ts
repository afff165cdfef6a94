import { expect, test } from "bun:test";
import { inspect } from "node:util";
import { Secret } from "../../../../core/host/secret.ts";
import { capabilityToken } from "../../../../core/server/auth/capability-token.ts";

const digest = new Secret(new Bun.CryptoHasher("sha256").update("tok").digest());
const policy = capabilityToken(digest);

const verdicts: readonly [string | null, string][] = [
  ["Bearer tok", "accepted"],
  ["bEaReR   tok  ", "accepted"],
  [null, "missing websocket bearer token"],
  ["", "invalid authorization header"],
  ["Bearer", "invalid authorization header"],
  ["Bearer ", "invalid authorization header"],
  ["Bearertok", "invalid authorization header"],
  ["Bearer\ttok", "invalid authorization header"],
  ["Basic tok", "invalid authorization header"],
  ["Bearer tök", "invalid authorization header"],
  ["Bearer tok tok", "invalid websocket bearer token"],
  ['Bearer "tok"', "invalid websocket bearer token"],
  ["Bearer TOK", "invalid websocket bearer token"],
  ["Bearer to", "invalid websocket bearer token"],
  ["Bearer tokk", "invalid websocket bearer token"],
  [`Bearer ${"x".repeat(100_000)}`, "invalid websocket bearer token"],
];
for (const [header, expected] of verdicts) {
  test(`a capability token, given ${JSON.stringify(header)?.slice(0, 40)}: ${expected}`, () => {
    const verdict = policy.check(header);
    expect(verdict.kind === "accepted" ? "accepted" : verdict.reason).toBe(expected);
  });
}

test("a secret shows as [redacted] however it is printed", () => {
  expect([`${digest}`, JSON.stringify({ digest }), inspect(digest), Bun.inspect(digest)]).toEqual([
    "[redacted]",
    '{"digest":"[redacted]"}',
    "[redacted]",
    "[redacted]",
  ]);
});
