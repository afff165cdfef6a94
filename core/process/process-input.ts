import { limits } from "../limits.ts";
import { ErrorCode, RpcError } from "../protocol/rpc-error.ts";
import type { InputSink } from "./spawned-process.ts";

export type WriteOutcome = "accepted" | "stdinClosed";

interface Waiting {
  readonly bytes: Uint8Array;
  readonly acknowledge: (outcome: WriteOutcome) => void;
  acknowledged: boolean;
}

/**
 * What clients send to one process: in order, each writeId once, with backpressure. A write is `accepted` when it is
 * queued ({@link limits.inputQueueChunks}, {@link limits.inputQueueBytes}); past the queue its answer waits, and past
 * {@link limits.inputWaitingBytes} it is refused.
 */
export class ProcessInput {
  readonly #sink: InputSink;
  readonly #remembered = new Map<string, Promise<WriteOutcome>>();
  readonly #queue: Waiting[] = [];
  #waitingBytes = 0;
  #state: "open" | "ending" | "closed" | "terminated" = "open";
  #writing = false;

  constructor(sink: InputSink) {
    this.#sink = sink;
  }

  /** A repeated `writeId` gets the first answer again and is not written; without one every write counts. Throws {@link RpcError}. */
  write(writeId: string | null, bytes: Uint8Array): Promise<WriteOutcome> {
    const known = writeId === null ? undefined : this.#remembered.get(writeId);
    if (known !== undefined) return known;
    if (this.#state === "terminated")
      throw new RpcError(ErrorCode.internal, "failed to write to process stdin");
    if (this.#state !== "open") return Promise.resolve("stdinClosed");
    if (this.#waitingBytes + bytes.length > limits.inputWaitingBytes) {
      throw new RpcError(
        ErrorCode.invalidRequest,
        `process stdin is full: the process does not read, and ${limits.inputWaitingBytes} bytes already wait for it; write again after it has read`,
      );
    }
    const outcome = this.#enqueue(bytes);
    if (writeId !== null) this.#remember(writeId, outcome);
    return outcome;
  }

  /** EOF after everything that was written. */
  end(): "closed" | "stdinClosed" {
    if (this.#state !== "open") return "stdinClosed";
    this.#state = "ending";
    if (!this.#writing) this.#finish();
    return "closed";
  }

  /** Nobody can read it any more. `terminated`: because of us, which later writes are told. */
  close(state: "closed" | "terminated"): void {
    if (this.#state === "closed" || this.#state === "terminated") {
      if (state === "terminated") this.#state = state;
      return;
    }
    this.#state = state;
    this.#sink.close();
    for (const waiting of this.#queue.splice(0)) this.#acknowledge(waiting, "stdinClosed");
    this.#waitingBytes = 0;
  }

  #enqueue(bytes: Uint8Array): Promise<WriteOutcome> {
    return new Promise((acknowledge) => {
      this.#queue.push({ bytes, acknowledge, acknowledged: false });
      this.#waitingBytes += bytes.length;
      this.#admit();
      if (!this.#writing) void this.#drain();
    });
  }

  /** Acknowledges what fits the queue, oldest first. */
  #admit(): void {
    let bytes = 0;
    for (let index = 0; index < Math.min(this.#queue.length, limits.inputQueueChunks); index++) {
      const waiting = this.#queue[index];
      if (waiting === undefined) return;
      bytes += waiting.bytes.length;
      if (index > 0 && bytes > limits.inputQueueBytes) return;
      this.#acknowledge(waiting, "accepted");
    }
  }

  #acknowledge(waiting: Waiting, outcome: WriteOutcome): void {
    if (waiting.acknowledged) return;
    waiting.acknowledged = true;
    waiting.acknowledge(outcome);
  }

  async #drain(): Promise<void> {
    this.#writing = true;
    try {
      for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
        await this.#sink.write(next.bytes);
        if (this.#queue[0] !== next) return;
        this.#queue.shift();
        this.#waitingBytes -= next.bytes.length;
        this.#admit();
      }
      if (this.#state === "ending") this.#finish();
    } catch {
      // The one failure of a sink is that nobody reads it any more.
      this.close("closed");
    } finally {
      this.#writing = false;
    }
  }

  #finish(): void {
    this.#state = "closed";
    this.#sink.end();
  }

  #remember(writeId: string, outcome: Promise<WriteOutcome>): void {
    this.#remembered.set(writeId, outcome);
    if (this.#remembered.size <= limits.rememberedWriteIds) return;
    const oldest = this.#remembered.keys().next();
    if (!oldest.done) this.#remembered.delete(oldest.value);
  }
}
