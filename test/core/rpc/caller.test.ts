import { describe, expect, test } from "bun:test";
import { RpcError } from "../../../core/protocol/rpc-error.ts";
import { Caller, DeadlineError, LinkCutError, ProtocolViolationError } from "../../../core/rpc/caller.ts";

function setUp(isHeld: () => boolean = () => false) {
  const sent: { id: number; method: string; error?: { code: number } }[] = [];
  const notified: string[] = [];
  const caller = new Caller({
    send: (text) => sent.push(JSON.parse(text)),
    notified: (method) => notified.push(method),
    isHeld,
  });
  return { caller, sent, notified };
}

describe("a caller", () => {
  test("matches answers to requests by id, in whatever order they come", async () => {
    const { caller, sent } = setUp();
    const first = caller.request("a", {});
    const second = caller.request("b", {});
    caller.receive(JSON.stringify({ id: sent[1]?.id, result: "two" }));
    caller.receive(JSON.stringify({ id: sent[0]?.id, result: "one" }));
    expect(await Promise.all([first, second])).toEqual(["one", "two"]);
  });

  test("gives the server's errors as they are", async () => {
    const { caller, sent } = setUp();
    const request = caller.request("a", {});
    caller.receive(JSON.stringify({ id: sent[0]?.id, error: { code: -32004, message: "none" } }));
    const error = await request.catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(RpcError);
    expect(error).toMatchObject({ code: -32004, message: "none" });
  });

  test("ends every request when the link is cut, and later ones at once", async () => {
    const { caller } = setUp();
    const request = caller.request("a", {});
    caller.cut("gone");
    expect(await request.catch((cause: unknown) => cause)).toBeInstanceOf(LinkCutError);
    expect(await caller.request("b", {}).catch((cause: unknown) => cause)).toBeInstanceOf(LinkCutError);
  });

  test("keeps deadlines, but lets none pass while it does not read", async () => {
    let held = true;
    let asked = 0;
    const askedOften = Promise.withResolvers<void>();
    const { caller } = setUp(() => {
      if (++asked === 3) askedOften.resolve();
      return held;
    });
    let over = false;
    const request = caller.request("a", {}, { deadlineMs: 20 }).catch((cause: unknown) => {
      over = true;
      return cause;
    });
    await askedOften.promise;
    expect(over).toBe(false);
    held = false;
    expect(await request).toBeInstanceOf(DeadlineError);
  });

  test("can be told to give up", async () => {
    const { caller } = setUp();
    const abort = new AbortController();
    const request = caller.request("a", {}, { signal: abort.signal });
    abort.abort(new Error("enough"));
    expect(String(await request.catch((cause: unknown) => cause))).toContain("enough");
  });

  test("hands on notifications and refuses requests of the server", () => {
    const { caller, sent, notified } = setUp();
    caller.receive(JSON.stringify({ method: "x", params: {} }));
    caller.receive(JSON.stringify({ method: "y", id: "q", params: {} }));
    expect(notified).toEqual(["x"]);
    expect(sent).toEqual([
      expect.objectContaining({ id: "q", error: expect.objectContaining({ code: -32601 }) }),
    ]);
  });

  test("ignores an answer that nobody waits for", () => {
    expect(() => setUp().caller.receive('{"id":99,"result":1}')).not.toThrow();
  });

  test.each([
    "",
    "{",
    "[]",
    "5",
    "{}",
    '{"id":1}',
    '{"id":1,"error":{}}',
    '{"id":-1,"error":{"code":1,"message":""}}',
  ])("refuses %j", (text) => expect(() => setUp().caller.receive(text)).toThrow(ProtocolViolationError));
});
