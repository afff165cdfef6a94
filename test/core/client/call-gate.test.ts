import { expect, test } from "bun:test";
import { CallGate } from "../../../core/client/call-gate.ts";
import { Caller } from "../../../core/rpc/caller.ts";

const anyCaller = () => new Caller({ send() {}, notified() {}, isHeld: () => false });

/** A call that writes down that it was sent. */
const noting = (sent: string[], name: string) => ({
  send: async () => {
    sent.push(name);
    return name;
  },
});

test("calls that waited go out in the order they were made, whenever they came to wait", async () => {
  const gate = new CallGate();
  const sent: string[] = [];
  const later = gate.pass(5, noting(sent, "made later"));
  const first = gate.pass(2, noting(sent, "cut and repeated"));
  gate.open(anyCaller());
  const now = gate.pass(6, noting(sent, "made now"));
  expect(await Promise.all([first, later, now])).toEqual(["cut and repeated", "made later", "made now"]);
  expect(sent).toEqual(["cut and repeated", "made later", "made now"]);
});

test("a call that is given up while it waits is never sent", async () => {
  const gate = new CallGate();
  const sent: string[] = [];
  const given = new AbortController();
  const call = gate.pass(0, { ...noting(sent, "given up"), signal: given.signal });
  given.abort(new Error("no more"));
  expect(await call.catch(String)).toBe("Error: no more");
  gate.open(anyCaller());
  expect(sent).toEqual([]);
});

test("once it is shut, what waits and what comes is refused with the reason", async () => {
  const gate = new CallGate();
  const sent: string[] = [];
  const waiting = gate.pass(0, noting(sent, "waiting")).catch(String);
  gate.shut(new Error("lost"));
  expect(await waiting).toBe("Error: lost");
  expect(await gate.pass(1, noting(sent, "late")).catch(String)).toBe("Error: lost");
  expect(sent).toEqual([]);
});
