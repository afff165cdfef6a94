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
