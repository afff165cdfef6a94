import { describe, expect, test } from "bun:test";
import { inspect } from "node:util";
import { backoffMs } from "../../../core/client/backoff.ts";
import { describeTarget, parseTarget, TargetError } from "../../../core/client/target.ts";
import { Secret } from "../../../core/host/secret.ts";

describe("a target", () => {
  test.each([
    ["ws://127.0.0.1:80", "ws://127.0.0.1"],
    ["wss://host:7/path?token=hush", "wss://host:7/path"],
    ["unix:///run/x.sock", "unix:///run/x.sock"],
    ["unix:/run/x.sock", "unix:///run/x.sock"],
  ])("%s is shown as %s", (text, shown) => expect(describeTarget(parseTarget(text))).toBe(shown));

  test.each(["", "http://x", "garbage", "ws://", "unix:relative", "ws://u:sesame@h"])(
    "%j is refused",
    (text) => {
      expect(() => parseTarget(text)).toThrow(TargetError);
    },
  );

  test("a secret in it is not repeated", () => {
    expect(() => parseTarget("ws://u:sesame@h")).toThrow(/^(?!.*sesame)/);
  });
});

test("a secret prints as nothing but a mark", () => {
  const secret = new Secret("sesame");
  expect(`${secret} ${JSON.stringify({ secret })} ${inspect({ secret })}`).not.toContain("sesame");
  expect(secret.reveal()).toBe("sesame");
});

test("the waits between attempts grow to 5 s, and no two clients wait alike", () => {
  expect(backoffMs(0)).toBe(0);
  expect([1, 2, 3, 10].map((attempt) => backoffMs(attempt, () => 1))).toEqual([100, 200, 400, 5_000]);
  expect(backoffMs(3, () => 0)).toBe(200);
});
