import type { BenchClient, OutputPiece } from "./bench-client.ts";

const scratch = Buffer.alloc(16384);

/** Bytes that a base64 text stands for. */
export function decodedLength(base64: Buffer): number {
  const { length } = base64;
  if (length === 0) return 0;
  const padding = base64[length - 2] === 61 ? 2 : base64[length - 1] === 61 ? 1 : 0;
  return (length / 4) * 3 - padding;
}

/** Counts what one process sends, checks that seqs grow by one, and compares the bytes where they are known. */
export class OutputSink {
  readonly processId: string;
  bytes = 0;
  frames = 0;
  largestChunk = 0;
  mismatches = 0;
  /** Messages that came after one with a higher seq. */
  outOfOrder = 0;
  firstAt = 0;
  closedAt = 0;
  readonly closed: Promise<void>;
  #resolveClosed: () => void = () => {};
  #highest = 0;
  #seen = 0;
  #stopAt = Number.POSITIVE_INFINITY;
  #stop: () => void = () => {};
  readonly #expected: Buffer | undefined;

  constructor(processId: string, expected?: Buffer) {
    this.processId = processId;
    this.#expected = expected;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
  }

  /** Seqs that never came. */
  get missing(): number {
    return this.#highest - this.#seen;
  }

  /** Stops reading inside the very callback that brings the stream to so many bytes: a timer would come too late. */
  pauseAt(bytes: number, client: BenchClient): Promise<void> {
    return new Promise((resolve) => {
      this.#stopAt = bytes;
      this.#stop = () => {
        client.socket.pause();
        resolve();
      };
    });
  }

  output({ seq, chunk }: OutputPiece): void {
    if (this.firstAt === 0) this.firstAt = performance.now();
    this.#count(seq);
    this.frames++;
    const length = decodedLength(chunk);
    this.largestChunk = Math.max(this.largestChunk, length);
    if (this.#expected) this.#compare(this.#expected, chunk);
    this.bytes += length;
    if (this.bytes < this.#stopAt) return;
    this.#stopAt = Number.POSITIVE_INFINITY;
    this.#stop();
  }

  event(method: string, seq: number): void {
    this.#count(seq);
    if (method !== "process/closed") return;
    this.closedAt = performance.now();
    this.#resolveClosed();
  }

  #count(seq: number): void {
    this.#seen++;
    if (seq < this.#highest) this.outOfOrder++;
    else this.#highest = seq;
  }

  /** In small pieces into one kept buffer, so that the client does not become the bottleneck. */
  #compare(expected: Buffer, chunk: Buffer): void {
    let at = this.bytes;
    for (let i = 0; i < chunk.length; i += scratch.length) {
      const text = chunk.toString("latin1", i, Math.min(chunk.length, i + scratch.length));
      const length = scratch.write(text, 0, "base64");
      if (scratch.compare(expected, at, at + length, 0, length) !== 0) {
        this.mismatches++;
        return;
      }
      at += length;
    }
  }
}

/** Sends every event of a client to the sink of its process. */
export function connectSinks(client: BenchClient, sinks: readonly OutputSink[]): void {
  const byId = new Map(sinks.map((sink) => [sink.processId, sink]));
  client.onOutput = (piece) => byId.get(piece.processId)?.output(piece);
  client.onEvent = (method, processId, message) =>
    byId.get(processId)?.event(method, message.params?.seq ?? 0);
}
