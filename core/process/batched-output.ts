import { limits } from "../limits.ts";
import type { OutputSource } from "./spawned-process.ts";

/** A batch this large is handed on without looking for more, raw bytes. */
const FULL_BYTES = limits.outputChunkBytes * 0.75;
/** A read that follows the last one within this time is part of a stream of output, ms. */
const STREAMING_MS = 1;

/**
 * One output stream, in fewer and larger pieces: a terminal gives 4 KiB at a time and a pipe what its writer happened
 * to have written, and each piece costs a frame. While output streams, what is there within one turn of the event loop
 * is joined; the first piece after a silence is handed on at once.
 */
export class BatchedOutput {
  readonly source: OutputSource;
  /** Counts the reads that were begun. */
  reads = 0;
  #asked: Promise<void> | undefined;
  #answer: { readonly bytes: Uint8Array | null } | undefined;
  #lastAt = 0;

  constructor(source: OutputSource) {
    this.source = source;
  }

  /** A read was begun and has not answered. */
  get waiting(): boolean {
    return this.#asked !== undefined && this.#answer === undefined;
  }

  /**
   * The next bytes, in pieces that make one chunk of at most {@link limits.outputChunkBytes}; null at EOF. Not called
   * while a call is pending.
   */
  async read(): Promise<Uint8Array[] | null> {
    if (this.#answer === undefined) await this.#ask();
    const first = this.#take();
    if (first === null) return null;
    const pieces = [first];
    if (performance.now() - this.#lastAt < STREAMING_MS) await this.#gather(pieces);
    this.#lastAt = performance.now();
    return pieces;
  }

  async #gather(pieces: Uint8Array[]): Promise<void> {
    let size = pieces[0]?.length ?? 0;
    while (size < FULL_BYTES) {
      void this.#ask();
      await new Promise<void>((resume) => setImmediate(resume));
      const bytes = this.#answer?.bytes;
      if (bytes === undefined || bytes === null || size + bytes.length > limits.outputChunkBytes) return;
      this.#take();
      pieces.push(bytes);
      size += bytes.length;
    }
  }

  #ask(): Promise<void> {
    if (this.#asked !== undefined) return this.#asked;
    this.reads += 1;
    this.#asked = this.source.read().then((bytes) => {
      this.#answer = { bytes };
    });
    return this.#asked;
  }

  #take(): Uint8Array | null {
    const bytes = this.#answer?.bytes ?? null;
    this.#answer = undefined;
    this.#asked = undefined;
    return bytes;
  }
}
