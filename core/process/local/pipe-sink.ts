import { closeSync } from "node:fs";
import { InputClosedError, type InputSink } from "../spawned-process.ts";

/** The write side of a pipe. Writes wait until the kernel has taken every byte. */
export class PipeSink implements InputSink {
  readonly #descriptor: number;
  /** Writes through a copy of the descriptor, which it closes when it ends and has nothing left to write. */
  readonly #sink: Bun.FileSink;
  readonly #givenUp = Promise.withResolvers<never>();
  #closed = false;

  /** Takes over the descriptor. */
  constructor(descriptor: number) {
    this.#descriptor = descriptor;
    this.#sink = Bun.file(descriptor).writer();
    this.#givenUp.promise.catch(() => {});
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#closed) throw new InputClosedError("stdin is closed");
    try {
      // Either may be what says that nobody reads any more.
      const written = Promise.resolve(this.#sink.write(bytes));
      written.catch(() => {});
      await Promise.race([Promise.all([written, this.#sink.flush()]), this.#givenUp.promise]);
    } catch (cause) {
      this.close();
      throw new InputClosedError("nobody reads stdin any more", { cause });
    }
  }

  end(): void {
    this.#finish();
  }

  close(): void {
    this.#givenUp.reject(new InputClosedError("stdin was closed"));
    this.#finish();
  }

  #finish(): void {
    if (this.#closed) return;
    this.#closed = true;
    // Ending flushes; that nobody takes the rest is what the pending write says.
    Promise.resolve(this.#sink.end()).catch(() => {});
    closeSync(this.#descriptor);
  }
}
