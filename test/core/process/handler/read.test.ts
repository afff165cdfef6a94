import { describe, expect, test } from "bun:test";
import { limits } from "../../../../core/limits.ts";
import { readProcess } from "../../../../core/process/handler/read.ts";
import { MemoryBudget } from "../../../../core/process/log/memory-budget.ts";
import { SessionRetention } from "../../../../core/process/log/session-retention.ts";
import { SpillStore } from "../../../../core/process/log/spill-store.ts";
import { ManagedProcess } from "../../../../core/process/managed-process.ts";
import type { MethodParams } from "../../../../core/protocol/methods.ts";
import { HeldProcess, settled } from "../held-process.ts";
import { KeptSink } from "../kept-sink.ts";

const chunk = new Uint8Array(limits.outputChunkBytes).fill(0x61);
const chunksPerAnswer = limits.readAnswerBytes / chunk.length;

/** Counts who listens for the end of the connection. */
class CountedEnd extends AbortController {
  listeners = 0;
  constructor() {
    super();
    const { signal } = this;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (type: string, listener: () => void) => {
      this.listeners += 1;
      add(type, listener);
    };
    signal.removeEventListener = (type: string, listener: () => void) => {
      this.listeners -= 1;
      remove(type, listener);
    };
  }
}

function setting() {
  const held = new HeldProcess();
  const managed = new ManagedProcess(held, {
    processId: "p",
    tty: false,
    budget: new MemoryBudget(new SpillStore()),
    retention: new SessionRetention(),
  });
  const end = new CountedEnd();
  const reader = { ended: end.signal, answers: { congested: false, turn: () => Promise.resolve() } };
  const read = (params: Partial<MethodParams["process/read"]>) =>
    readProcess(managed, { processId: "p", afterSeq: null, maxBytes: null, waitMs: null, ...params }, reader);
  return { held, managed, end, reader, read };
}

const seqs = (answer: Awaited<ReturnType<typeof readProcess>>) => answer.chunks.map((one) => one.seq);

describe("process/read", () => {
  test("an answer is complete at our limit and cut one byte beyond it", async () => {
    for (const [extra, chunks, nextSeq] of [
      [-1, chunksPerAnswer, chunksPerAnswer + 1],
      [0, chunksPerAnswer, chunksPerAnswer + 1],
      [1, chunksPerAnswer, chunksPerAnswer + 1],
    ] as const) {
      const { managed, read } = setting();
      for (let n = 1; n < chunksPerAnswer; n++) managed.log.appendOutput("stdout", chunk);
      managed.log.appendOutput("stdout", chunk.subarray(0, chunk.length + Math.min(extra, 0)));
      if (extra > 0) managed.log.appendOutput("stdout", new Uint8Array(extra));
      const answer = await read({});
      expect([answer.chunks.length, answer.nextSeq]).toEqual([chunks, nextSeq]);
      const next = await read({ afterSeq: answer.nextSeq - 1 });
      expect(next.chunks.length).toBe(extra > 0 ? 1 : 0);
      managed.abandon();
    }
  });

  test("an exit among the numbers of a limited answer is told with it, one behind them is not", async () => {
    const { managed, read } = setting();
    managed.log.appendOutput("stdout", chunk);
    managed.log.appendExited({ kind: "exited", code: 3 });
    for (let n = 0; n < 2 * chunksPerAnswer; n++) managed.log.appendOutput("stdout", chunk);
    const first = await read({});
    expect([first.nextSeq, first.exited, first.exitCode, first.closed]).toEqual([
      chunksPerAnswer + 2,
      true,
      3,
      false,
    ]);
    const { managed: later, read: readLater } = setting();
    for (let n = 0; n < chunksPerAnswer; n++) later.log.appendOutput("stdout", chunk);
    later.log.appendExited({ kind: "exited", code: 3 });
    later.log.appendOutput("stdout", chunk);
    const cut = await readLater({});
    expect([cut.nextSeq, cut.exited, cut.exitCode]).toEqual([chunksPerAnswer + 1, false, null]);
    const rest = await readLater({ afterSeq: cut.nextSeq - 1 });
    expect([seqs(rest), rest.exited, rest.exitCode]).toEqual([[chunksPerAnswer + 2], true, 3]);
  });

  test("an exit that nobody saw has no code, and the reason is told", async () => {
    const { managed, read } = setting();
    managed.log.appendExited({ kind: "unknown", reason: "its watcher was killed" });
    expect(await read({})).toMatchObject({
      exited: true,
      exitCode: null,
      failure: "its watcher was killed",
    });
  });

  test("nextSeq is the process's own without maxBytes, the last given + 1 with it, its own when nothing is given", async () => {
    const { held, managed, read } = setting();
    for (const text of ["aaaa", "bbbb", "cccc"])
      managed.log.appendOutput("stdout", new TextEncoder().encode(text));
    const all = await read({});
    expect([seqs(all), all.nextSeq]).toEqual([[1, 2, 3], 4]);
    for (const [maxBytes, given] of [
      [0, [1]],
      [4, [1]],
      [7, [1]],
      [8, [1, 2]],
    ] as const) {
      const some = await read({ maxBytes });
      expect([seqs(some), some.nextSeq]).toEqual([[...given], given.length + 1]);
    }
    const none = await read({ afterSeq: 3, maxBytes: 1 });
    expect([seqs(none), none.nextSeq]).toEqual([[], 4]);
    const beyond = await read({ afterSeq: 99 });
    expect([seqs(beyond), beyond.nextSeq]).toEqual([[], 4]);
    held.finish();
  });

  test("a wait ends with the next event, with its time, or with the connection, and leaves no listener behind", async () => {
    const { held, managed, read, end } = setting();
    const waiting = read({ waitMs: 60_000 });
    await settled();
    expect(end.listeners).toBe(1);
    held.stdout.say("x");
    expect(seqs(await waiting)).toEqual([1]);
    const timed = await read({ afterSeq: 1, waitMs: 1 });
    expect([seqs(timed), timed.nextSeq]).toEqual([[], 2]);
    expect(end.listeners).toBe(0);
    const cut = Promise.resolve(read({ afterSeq: 1, waitMs: 60_000 }));
    end.abort(new Error("the connection has ended"));
    expect(cut).rejects.toThrow("the connection has ended");
    await settled();
    expect(end.listeners).toBe(0);
    managed.abandon();
  });

  test("a wait longer than a timer takes is a long wait, not none", async () => {
    const { held, managed, read } = setting();
    let answered = false;
    void Promise.resolve(read({ waitMs: Number.MAX_SAFE_INTEGER })).then(() => {
      answered = true;
    });
    await settled();
    expect(answered).toBe(false);
    held.finish();
    await managed.closed;
    await settled();
    expect(answered).toBe(true);
  });

  test("on a client that takes nothing it waits for its turn", async () => {
    const { managed, reader, read } = setting();
    managed.log.appendOutput("stdout", chunk);
    const { promise, resolve } = Promise.withResolvers<void>();
    reader.answers = { congested: true, turn: () => promise };
    const waiting = read({});
    expect(waiting).toBeInstanceOf(Promise);
    resolve();
    expect(seqs(await waiting)).toEqual([1]);
  });

  test("what retention dropped is declared to the byte, from wherever the reader stands", async () => {
    const { managed, read } = setting();
    for (const size of [10, 20, 30, 40]) managed.log.appendOutput("stdout", new Uint8Array(size));
    managed.log.dropFirst();
    managed.log.dropFirst();
    managed.log.dropFirst();
    for (const [afterSeq, omittedBytes] of [
      [0, 60],
      [1, 50],
      [2, 30],
      [3, undefined],
      [4, undefined],
    ] as const) {
      expect((await read({ afterSeq })).omittedBytes).toBe(omittedBytes);
    }
  });
});

describe("process/read after a resume", () => {
  test("gives what one answer holds, and the rest follows as events, in order, with nothing twice", async () => {
    const { held, managed, read } = setting();
    const total = 3 * chunksPerAnswer;
    for (let n = 0; n < total; n++) held.stdout.say(chunk);
    while (held.stdout.untaken > 0) await settled();
    const sink = new KeptSink();
    managed.resume(sink);
    held.stdout.say("live");
    await settled();
    expect(sink.seqs).toEqual([total + 1]);
    const answer = await read({ afterSeq: 0 });
    expect(seqs(answer).at(-1)).toBe(chunksPerAnswer);
    await settled();
    held.finish(0);
    await managed.closed;
    await settled();
    const told = [...seqs(answer), ...sink.seqs].sort((a, b) => a - b);
    expect(told).toEqual(Array.from({ length: total + 3 }, (_, index) => index + 1));
    const pushed = sink.seqs.slice(1);
    expect(pushed).toEqual([...pushed].sort((a, b) => a - b));
  });
});
