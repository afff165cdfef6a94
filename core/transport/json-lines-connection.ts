import type { ReadableStreamDefaultReader } from "node:stream/web";
import { limits } from "../limits.ts";
import type { Acceptor, Connection, ConnectionEvents } from "./connection.ts";
import { LineSplitter, LineTooLongError } from "./line-splitter.ts";

/** Where lines are written: Bun's FileSink. */
export interface LineSink {
  write(text: string): number | Promise<number>;
  flush(): number | Promise<number>;
}

export interface JsonLinesOptions {
  readonly read: ReadableStream<Uint8Array>;
  readonly write: LineSink;
  /** How the peer is named in logs and errors. */
  readonly peer: string;
  readonly accept: Acceptor;
  /** What is still to be answered when the input has come to its end; the peer may be sent to until then. */
  readonly answered?: () => Promise<void>;
}

/**
 * A peer on a pair of byte streams, one JSON message a line. Resolves when it has ended and what was sent has
 * been written (or a second later): the input's end, a line over the limit, bytes that are not UTF-8, an output that nobody reads,
 * or the owner's `close`. A last line that has no newline is no message.
 */
export async function serveJsonLines(options: JsonLinesOptions): Promise<void> {
  await new JsonLinesConnection(options).run(options.accept);
}

class JsonLinesConnection implements Connection {
  readonly transport = "stdio";
  readonly peer: string;
  readonly #input: ReadableStreamDefaultReader<Uint8Array>;
  readonly #sink: LineSink;
  #queue: string[] = [];
  #buffered = 0;
  #aboveHighWater = false;
  #writing: Promise<void> | undefined;
  #events: ConnectionEvents | undefined;
  #endReason: string | undefined;
  readonly #answered: () => Promise<void>;
  readonly #over = Promise.withResolvers<void>();

  constructor({ read, write, peer, answered = async () => {} }: JsonLinesOptions) {
    this.#input = read.getReader();
    this.#sink = write;
    this.peer = peer;
    this.#answered = answered;
  }

  get buffered(): number {
    return this.#buffered;
  }

  send(text: string): void {
    if (this.#endReason !== undefined) return;
    this.#queue.push(`${text}\n`);
    this.#buffered += text.length + 1;
    if (this.#buffered > limits.outboundHighWaterBytes) this.#aboveHighWater = true;
    this.#writing ??= this.#write();
  }

  close(_code: number, reason: string): void {
    this.#end(`closed by us: ${reason}`);
  }

  async run(accept: Acceptor): Promise<void> {
    this.#events = accept(this);
    await this.#read();
    this.#events.closed(this.#endReason);
    await this.#lastWrites();
  }

  /** A peer that has ended and reads no more must not keep the server. */
  async #lastWrites(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, limits.lastWordsMs);
    await Promise.race([promise, this.#writing]);
    clearTimeout(timer);
  }

  async #read(): Promise<void> {
    const lines = new LineSplitter(limits.incomingMessageBytes);
    try {
      while (this.#endReason === undefined) {
        const { done, value } = await this.#input.read();
        if (done) {
          await Promise.race([this.#answered(), this.#over.promise]);
          return this.#end("end of input");
        }
        lines.push(value, (line) => {
          if (this.#endReason === undefined) this.#events?.message(line);
        });
        // A flood of input that never waits would keep timers and children waiting.
        await new Promise((resolve) => setImmediate(resolve));
      }
    } catch (error) {
      this.#end(describeInputFailure(error));
    }
  }

  async #write(): Promise<void> {
    // What was sent before the end still goes out.
    while (this.#queue.length > 0) {
      const batch = this.#nextBatch();
      try {
        this.#sink.write(batch);
        await this.#sink.flush();
      } catch (error) {
        this.#queue = [];
        this.#buffered = 0;
        this.#end(`the output is gone: ${error instanceof Error ? error.message : error}`);
        break;
      }
      this.#buffered -= batch.length;
      this.#tellDrained();
    }
    this.#writing = undefined;
  }

  /** Waiting messages that go out in one write: small ones together, a big one alone. */
  #nextBatch(): string {
    let length = 0;
    const end = this.#queue.findIndex((line) => {
      length += line.length;
      return length > limits.outboundHighWaterBytes;
    });
    return this.#queue.splice(0, end < 0 ? this.#queue.length : Math.max(1, end)).join("");
  }

  #tellDrained(): void {
    if (!this.#aboveHighWater || this.#buffered > limits.outboundLowWaterBytes) return;
    this.#aboveHighWater = false;
    if (this.#endReason === undefined) this.#events?.drained();
  }

  #end(reason: string): void {
    if (this.#endReason !== undefined) return;
    this.#endReason = reason;
    this.#over.resolve();
    // Wakes the read that waits.
    this.#input.cancel(reason).catch(() => {});
  }
}

function describeInputFailure(error: unknown): string {
  if (error instanceof LineTooLongError) return error.message;
  if (error instanceof TypeError) return "the input is not UTF-8";
  return `the input failed: ${error instanceof Error ? error.message : error}`;
}
