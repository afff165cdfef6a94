import { writeSync } from "node:fs";
import { InputClosedError, type InputSink } from "../spawned-process.ts";
import { endOfInput } from "./pty.ts";

/** Pauses while the terminal takes nothing, ms. The kernel tells nobody when a PTY can be written again. */
const shortestPause = 1;
const longestPause = 16;

/**
 * Typing into the master of a PTY. Bun's own writer would block the event loop while the program does not read, so
 * this one tries, waits and tries again.
 */
export class PtySink implements InputSink {
  readonly #master: number;
  readonly #givenUp = Promise.withResolvers<void>();
  #closed = false;
  #tail: Promise<void> = Promise.resolve();

  /** The master stays the caller's, who closes the sink first. */
  constructor(master: number) {
    this.#master = master;
  }

  write(bytes: Uint8Array): Promise<void> {
    const written = this.#tail.then(() => this.#writeAll(bytes));
    this.#tail = written.catch(() => {});
    return written;
  }

  end(): void {
    if (this.#closed) return;
    void this.write(endOfInput(this.#master)).catch(() => {});
  }

  close(): void {
    this.#closed = true;
    this.#givenUp.resolve();
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    let pause = shortestPause;
    for (let done = 0; done < bytes.length; ) {
      const taken = this.#tryWrite(bytes, done);
      done += taken;
      if (taken > 0) {
        pause = shortestPause;
        continue;
      }
      await Promise.race([Bun.sleep(pause), this.#givenUp.promise]);
      pause = Math.min(pause * 2, longestPause);
    }
  }

  /** Returns how many bytes the terminal took; 0: it is full. */
  #tryWrite(bytes: Uint8Array, offset: number): number {
    if (this.#closed) throw new InputClosedError("the terminal is closed");
    try {
      return writeSync(this.#master, bytes, offset);
    } catch (cause) {
      if (cause instanceof Error && "code" in cause && cause.code === "EAGAIN") return 0;
      this.close();
      throw new InputClosedError("nobody reads the terminal any more", { cause });
    }
  }
}
