import { expect, test } from "bun:test";
import { parse } from "valibot";
import { limits } from "../../../../core/limits.ts";
import type { ProcessEvent } from "../../../../core/process/process-backend.ts";
import { InboundBudget } from "../../../../core/process/remote/inbound-budget.ts";
import { RemoteProcess } from "../../../../core/process/remote/remote-process.ts";

const chunkOf = (seq: number) => ({
  chunks: [{ seq, stream: "stdout", chunk: btoa(`${seq}\n`) }],
  nextSeq: seq + 1,
  exited: false,
  closed: false,
});

/** A process whose reads are answered so, and what is heard of it. */
function readWith(answer: (read: number) => object) {
  const events: ProcessEvent[] = [];
  let reads = 0;
  const process = new RemoteProcess({
    processId: "p",
    tty: false,
    sink: (event) => void events.push(event),
    calls: { call: async (method) => parse(method.answer, answer(++reads)) },
    budget: new InboundBudget(() => {}),
    abilities: {
      processResize: false,
      processCloseStdin: false,
      processSignalNames: false,
      processPtySize: false,
    },
  });
  return { process, events, reads: () => reads };
}

test("a process whose link is cut again while it waits for the rest of its output asks for it at once", async () => {
  // Each read finds one piece more.
  const { process, events, reads } = readWith(chunkOf);
  void process.catchUp();
  // The answer is taken then, and it waits for what the server may send by itself.
  await Bun.sleep(1);
  expect(reads()).toBe(1);
  void process.catchUp();
  await Bun.sleep(1);
  expect(reads()).toBe(2);
  expect(events).toHaveLength(2);
  process.lose("done");
});

test("a server that has counted an event and does not tell it is asked for it with pauses, and what it tells later counts", async () => {
  const nothing = { chunks: [], nextSeq: 1, exited: false, closed: false };
  const { process, events, reads } = readWith(() => nothing);
  const output = (seq: number) =>
    process.notified({ kind: "output", seq, stream: "stdout", bytes: new Uint8Array([seq]) });
  const begun = performance.now();
  output(2);
  await Bun.sleep(limits.holePatienceMs + limits.catchUpSettleMs * 1.5);
  expect(reads()).toBeGreaterThan(0);
  expect(reads()).toBeLessThanOrEqual(1 + (performance.now() - begun) / limits.catchUpSettleMs);
  output(1);
  expect(events.map((event) => event.kind === "output" && [...event.bytes])).toEqual([[1], [2]]);
  process.lose("done");
});
