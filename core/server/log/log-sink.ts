import { limits } from "../../limits.ts";

/** Where finished lines go: Bun's FileSink. */
export interface LogOutput {
  write(text: string): number | Promise<number>;
  flush(): number | Promise<number>;
}

/**
 * Writes lines without ever making the server wait. While the output is blocked at most `maxLines` wait; what
 * comes then is dropped, and a line in their place says how many were.
 */
export class LogSink {
  readonly #output: LogOutput;
  readonly #describeLoss: (lost: number) => string;
  readonly #maxLines: number;
  #waiting: string[] = [];
  #lost = 0;
  #broken = false;
  #writing: Promise<void> | undefined;

  constructor(
    output: LogOutput,
    describeLoss: (lost: number) => string,
    maxLines: number = limits.logQueueLines,
  ) {
    this.#output = output;
    this.#describeLoss = describeLoss;
    this.#maxLines = maxLines;
  }

  write(line: string): void {
    if (this.#broken) return;
    if (this.#waiting.length >= this.#maxLines) {
      this.#lost++;
      return;
    }
    this.#waiting.push(line);
    this.#writing ??= this.#drain();
  }

  /** Waits until all is written, but no longer than `ms`. */
  async flush(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    await Promise.race([promise, this.#writing]);
    clearTimeout(timer);
  }

  async #drain(): Promise<void> {
    try {
      // Lines that were written in one turn of the loop go out together.
      await Promise.resolve();
      while (this.#waiting.length > 0) {
        const lines = this.#waiting;
        this.#waiting = [];
        this.#output.write(lines.map((line) => `${line}\n`).join(""));
        await this.#output.flush();
        if (this.#lost === 0) continue;
        this.#waiting.push(this.#describeLoss(this.#lost));
        this.#lost = 0;
      }
    } catch {
      // Nobody reads the log any more; the server goes on without one.
      this.#broken = true;
      this.#waiting = [];
    }
    this.#writing = undefined;
  }
}
