import { describe, expect, jest, test } from "bun:test";
import { limits } from "../../../core/limits.ts";
import type { Session } from "../../../core/session/session.ts";
import { settled } from "../process/held-process.ts";
import { HeldAttachment, setUp } from "./held-sessions.ts";

const plan = { argv: ["x"] as const, cwd: "/", env: [], stdio: { kind: "pipes", stdin: false } as const };

function fill(upTo: number) {
  const { real } = setUp();
  const sessions: Session[] = [];
  while (sessions.length < upTo) sessions.push(real.registry.open(new HeldAttachment(), undefined));
  return { ...real, sessions };
}

describe("SessionRegistry at its limit", () => {
  test("opens as many sessions as the limit says, and one more is refused while all are held", () => {
    const { registry } = fill(limits.sessions - 1);
    registry.open(new HeldAttachment(), undefined);
    expect(() => registry.open(new HeldAttachment(), undefined)).toThrow(`the limit is ${limits.sessions}`);
    expect(registry.size).toBe(limits.sessions);
  });

  test("one more takes the place of the session that was left first and owns nothing", async () => {
    const { registry, spawner, sessions } = fill(limits.sessions);
    const [busy, left, leftLater] = sessions;
    if (busy === undefined || left === undefined || leftLater === undefined)
      throw new Error("there are many");
    void busy.processes.start({ processId: "p", plan }, () => {});
    const held = spawner.asked[0]?.grant();
    await settled();
    for (const session of [busy, left, leftLater]) registry.detach(session);
    registry.open(new HeldAttachment(), undefined);
    expect(registry.size).toBe(limits.sessions);
    expect(() => registry.resume(left.id, new HeldAttachment())).toThrow("unknown session id");
    expect(registry.resume(leftLater.id, new HeldAttachment())).toBe(leftLater);
    expect(() => registry.open(new HeldAttachment(), undefined)).toThrow("all are in use");
    expect(held?.killed).toBe(false);
    await registry.end(busy);
    expect(held?.killed).toBe(true);
  });
});

describe("SessionRegistry.open", () => {
  test("a session's time without a client is what was asked for, at most a day", () => {
    const { registry } = fill(0);
    for (const [asked, given] of [
      [undefined, 60],
      [5, 5],
      [limits.sessionTtlMaxSeconds, limits.sessionTtlMaxSeconds],
      [limits.sessionTtlMaxSeconds + 1, limits.sessionTtlMaxSeconds],
    ] as const) {
      expect(registry.open(new HeldAttachment(), asked).ttlSeconds).toBe(given);
    }
  });
});

test("a process that ended while nobody was there is kept as long as its session, and readable after the resume", async () => {
  jest.useFakeTimers();
  try {
    const { registry, spawner } = fill(0);
    const session = registry.open(new HeldAttachment(), limits.sessionTtlMaxSeconds);
    session.listen(false);
    void session.processes.start({ processId: "p", plan }, () => {});
    const held = spawner.asked[0]?.grant();
    await settled();
    registry.detach(session);
    held?.stdout.say("the last words");
    held?.finish(0);
    await settled();
    jest.advanceTimersByTime(10 * limits.closedRetentionMs);
    expect([...session.processes.processes()].length).toBe(1);
    registry.resume(session.id, new HeldAttachment());
    session.listen(true);
    jest.advanceTimersByTime(limits.closedRetentionMs - 1);
    expect([...session.processes.processes()].length).toBe(1);
    jest.advanceTimersByTime(1);
    expect([...session.processes.processes()].length).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});
