import { describe, expect, test } from "bun:test";
import { limits } from "../../../core/limits.ts";
import { ProcessInput } from "../../../core/process/process-input.ts";
import { InputClosedError, type InputSink } from "../../../core/process/spawned-process.ts";
import { RpcError } from "../../../core/protocol/rpc-error.ts";

/** A child that reads only when the test lets it: faults and timing are what is under test here. */
class HeldSink implements InputSink {
  readonly taken: string[] = [];
  ended = false;
  closed = false;
  #release: (() => void) | undefined;
  #fail: ((error: Error) => void) | undefined;

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#release = () => {
        this.taken.push(new TextDecoder().decode(bytes));
        resolve();
      };
      this.#fail = reject;
    });
  }
  end(): void {
    this.ended = true;
  }
  close(): void {
    this.closed = true;
  }
  async readOne(): Promise<void> {
    this.#release?.();
    await settled();
  }
  async breakPipe(): Promise<void> {
    this.#fail?.(new InputClosedError("nobody reads"));
    await settled();
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let pending = true;
  void promise.finally(() => {
    pending = false;
  });
  await settled();
  return pending;
}

describe("ProcessInput", () => {
  test("a repeated writeId is answered again and written once", async () => {
    const sink = new HeldSink();
    const input = new ProcessInput(sink);
    expect(await input.write("same", bytes("A"))).toBe("accepted");
    expect(await input.write("same", bytes("B"))).toBe("accepted");
    await sink.readOne();
    expect(await input.write("next", bytes("C"))).toBe("accepted");
    await sink.readOne();
    expect(sink.taken).toEqual(["A", "C"]);
  });

  test("without a writeId, as clients up to 0.131.0 write, equal writes all count", async () => {
    const sink = new HeldSink();
    const input = new ProcessInput(sink);
    for (let n = 0; n < 2; n++) {
      expect(await input.write(null, bytes("A"))).toBe("accepted");
      await sink.readOne();
    }
    expect(sink.taken).toEqual(["A", "A"]);
  });

  test("the newest writeIds are remembered, the oldest forgotten at the limit", async () => {
    const sink = new HeldSink();
    const input = new ProcessInput(sink);
    for (let n = 0; n <= limits.rememberedWriteIds; n++) {
      const write = input.write(`i${n}`, bytes(`${n}`));
      await sink.readOne();
      await write;
    }
    const before = sink.taken.length;
    await input.write("i1", bytes("again"));
    expect(sink.taken.length).toBe(before);
    await input.write("i0", bytes("forgotten"));
    await sink.readOne();
    expect(sink.taken.at(-1)).toBe("forgotten");
  });

  test("writes past the queue wait until the process has read", async () => {
    const sink = new HeldSink();
    const input = new ProcessInput(sink);
    for (let n = 0; n < limits.inputQueueChunks; n++) await input.write(`w${n}`, bytes("x"));
    const waiting = input.write("over", bytes("y"));
    expect(await isPending(waiting)).toBe(true);
    await sink.readOne();
    expect(await waiting).toBe("accepted");
  });

  for (const [extra, waits] of [
    [-1, false],
    [0, false],
    [1, true],
  ] as const) {
    test(`a second write that fills the queue to its bytes ${extra < 0 ? "" : "+"}${extra} is ${waits ? "kept waiting" : "accepted"}`, async () => {
      const input = new ProcessInput(new HeldSink());
      const first = new Uint8Array(limits.inputQueueBytes / 2);
      expect(await input.write("1", first)).toBe("accepted");
      const second = input.write("2", new Uint8Array(limits.inputQueueBytes / 2 + extra));
      expect(await isPending(second)).toBe(waits);
    });
  }

  test("one write larger than the queue is accepted, since nothing is before it", async () => {
    const input = new ProcessInput(new HeldSink());
    expect(await input.write("1", new Uint8Array(limits.inputQueueBytes + 1))).toBe("accepted");
  });

  test("bytes past what may wait are refused, and the link lives", async () => {
    const input = new ProcessInput(new HeldSink());
    const block = new Uint8Array(limits.inputWaitingBytes);
    void input.write("all", block);
    expect(() => input.write("more", bytes("x"))).toThrow(RpcError);
  });

  test("a reader that went away turns waiting and later writes into stdinClosed", async () => {
    const sink = new HeldSink();
    const input = new ProcessInput(sink);
    for (let n = 0; n < limits.inputQueueChunks; n++) await input.write(`w${n}`, bytes("x"));
    const waiting = input.write("over", bytes("y"));
    await sink.breakPipe();
    expect(await waiting).toBe("stdinClosed");
    expect(await input.write("later", bytes("z"))).toBe("stdinClosed");
    expect(sink.closed).toBe(true);
  });

  test("EOF follows everything written before it", async () => {
    const sink = new HeldSink();
    const input = new ProcessInput(sink);
    await input.write("a", bytes("A"));
    expect(input.end()).toBe("closed");
    expect(sink.ended).toBe(false);
    await sink.readOne();
    expect(sink.ended).toBe(true);
    expect(input.end()).toBe("stdinClosed");
    expect(await input.write("b", bytes("B"))).toBe("stdinClosed");
  });

  test("after a terminate a write fails as the reference's does", () => {
    const input = new ProcessInput(new HeldSink());
    input.close("terminated");
    expect(() => input.write("a", bytes("A"))).toThrow("failed to write to process stdin");
  });
});
