import { expect, test } from "bun:test";
import { judgeLink } from "../../../core/transport/link-state.ts";

const facts = { sinceReceivedMs: 20_000, unacknowledgedBytes: 0, unanswered: 0 };

test("a peer whose kernel answers and holds data of ours reads slowly", () => {
  expect(judgeLink(1, facts)).toEqual({ kind: "unread" });
  expect(judgeLink(0, { ...facts, unacknowledgedBytes: 1, unanswered: 2 })).toEqual({ kind: "unread" });
});

test("a peer whose kernel answers no more is gone, whatever it has not read", () => {
  expect(judgeLink(1 << 20, { ...facts, unacknowledgedBytes: 1, unanswered: 3 })).toEqual({ kind: "silent" });
});

test("a peer that has read everything is judged by what it sent last", () => {
  expect(judgeLink(0, facts)).toEqual({ kind: "arriving", sinceMs: 20_000 });
});

test("without facts of the kernel only our own queue counts", () => {
  expect(judgeLink(1, undefined)).toEqual({ kind: "unread" });
  expect(judgeLink(0, undefined)).toEqual({ kind: "silent" });
});
