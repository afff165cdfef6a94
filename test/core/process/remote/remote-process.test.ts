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

test("a process whose link is cut again while it waits for the rest of its output asks for it at once", async () => {
  const events: ProcessEvent[] = [];
  const asked: PromiseWithResolvers<void>[] = [Promise.withResolvers(), Promise.withResolvers()];
  let reads = 0;
  const process = new RemoteProcess({
    processId: "p",
    tty: false,
    sink: (event) => void events.push(event),
    // Each read finds one piece more.
    calls: {
      async call(method) {
        asked[reads++]?.resolve();
        return parse(method.answer, chunkOf(reads));
      },
    },
    budget: new InboundBudget(() => {}),
    abilities: {
      processResize: false,
      processCloseStdin: false,
      processSignalNames: false,
      processPtySize: false,
    },
  });
  void process.catchUp();
  await asked[0]?.promise;
  // The answer has been taken, and it waits for what the server may send by itself.
  await Bun.sleep(1);
  const begun = performance.now();
  void process.catchUp();
  await asked[1]?.promise;
  expect(performance.now() - begun).toBeLessThan(limits.catchUpSettleMs / 2);
  await Bun.sleep(1);
  expect(events).toHaveLength(2);
  process.lose("done");
});

test("a server that has counted an event and does not tell it is asked for it with pauses, and what it tells later counts", async () => {
  const events: ProcessEvent[] = [];
  let reads = 0;
  const process = new RemoteProcess({
    processId: "p",
    tty: false,
    sink: (event) => void events.push(event),
    calls: {
      async call(method) {
        reads++;
        return parse(method.answer, { chunks: [], nextSeq: 1, exited: false, closed: false });
      },
    },
    budget: new InboundBudget(() => {}),
    abilities: {
      processResize: false,
      processCloseStdin: false,
      processSignalNames: false,
      processPtySize: false,
    },
  });
  const output = (seq: number) =>
    process.notified({ kind: "output", seq, stream: "stdout", bytes: new Uint8Array([seq]) });
  output(2);
  await Bun.sleep(limits.holePatienceMs + limits.catchUpSettleMs * 1.5);
  expect(reads).toBeGreaterThan(0);
  expect(reads).toBeLessThan(4);
  output(1);
  expect(events.map((event) => event.kind === "output" && [...event.bytes])).toEqual([[1], [2]]);
  process.lose("done");
});
