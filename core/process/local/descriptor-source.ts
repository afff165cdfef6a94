import { closeSync } from "node:fs";
import { setNonBlocking, widenPipe } from "../../host/descriptors.ts";
import { limits } from "../../limits.ts";
import type { OutputSource } from "../spawned-process.ts";

/** What is used of a stream's reader. */
interface ChunkReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

/**
 * Reads a pipe or the master of a PTY. Nothing is read ahead beyond one buffer, so a caller that does not ask holds
 * the writers back.
 */
export class DescriptorSource implements OutputSource {
  readonly name: OutputSource["name"];
  readonly #release: () => void;
  /** Let go at the end: it keeps its last buffers, and a closed process is kept for a while. */
  #reader: ChunkReader | undefined;
  #rest: Uint8Array | undefined;
  /** Bytes until the pipe is widened: most commands never say so much, and pipe memory is shared. */
  #untilWide = limits.narrowPipeBytes;
  readonly #descriptor: number;
  #state: "open" | "ended" = "open";

  /** Takes over a descriptor; `release` lets it go. */
  constructor(name: OutputSource["name"], descriptor: number, release = () => closeSync(descriptor)) {
    this.name = name;
    this.#release = release;
    this.#descriptor = descriptor;
    setNonBlocking(descriptor);
    this.#reader = Bun.file(descriptor).stream().getReader();
  }

  async read(): Promise<Uint8Array | null> {
    const rest = this.#rest;
    if (rest !== undefined) return this.#cut(rest);
    if (this.#state === "ended") return null;
    const chunk = await this.#next();
    if (chunk !== undefined) return this.#cut(chunk);
    this.#end();
    return null;
  }

  close(): void {
    if (this.#state === "ended") return;
    this.#rest = undefined;
    this.#state = "ended";
    // Cancelling answers a pending read; only then may the number be given to another file.
    const reader = this.#reader;
    this.#reader = undefined;
    void reader?.cancel().then(this.#release, this.#release);
  }

  async #next(): Promise<Uint8Array | undefined> {
    try {
      const result = await this.#reader?.read();
      return result === undefined || result.done ? undefined : result.value;
    } catch {
      // EIO is how the master of a PTY says that the last holder of its slave is gone.
      return undefined;
    }
  }

  #cut(chunk: Uint8Array): Uint8Array {
    const limit = limits.outputChunkBytes;
    this.#rest = chunk.length > limit ? chunk.subarray(limit) : undefined;
    const head = chunk.length > limit ? chunk.subarray(0, limit) : chunk;
    this.#count(head.length);
    return head;
  }

  /** Output that keeps coming takes fewer turns through a wide pipe. */
  #count(bytes: number): void {
    if (this.#untilWide <= 0) return;
    this.#untilWide -= bytes;
    if (this.#untilWide <= 0 && this.#state === "open") widenPipe(this.#descriptor, limits.widePipeBytes);
  }

  #end(): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#reader = undefined;
    this.#release();
  }
}
