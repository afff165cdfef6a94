import { isatty } from "node:tty";
import { OutputClosedError, OutputFailedError, writeNow, writeOut } from "./output.ts";

const tailBytes = 256;

/** Where a program writes: results on stdout, words for people on stderr. */
export class Screen {
  readonly #name: string;
  /** Whether the terminal is raw, so that a line must end in CR LF and begin at the left edge. */
  raw = false;
  /** Draws the line being edited again after something was written over it. */
  redraw: (() => void) | undefined;
  /** The last bytes of program output, to see whether it ended its line. */
  #tail: Uint8Array = new Uint8Array(0);

  readonly #gone = Promise.withResolvers<OutputClosedError | OutputFailedError>();

  constructor(name: string) {
    this.#name = name;
  }

  /** Resolves, with the reason, when stdout takes nothing any more. What is written from then on is lost. */
  get gone(): Promise<OutputClosedError | OutputFailedError> {
    return this.#gone.promise;
  }

  /** A result: `text` ends its own lines. */
  async result(text: string): Promise<void> {
    await this.#write(1, new TextEncoder().encode(this.raw ? text.replaceAll("\n", "\r\n") : text));
  }

  /** Program output, raw by nature. */
  async bytes(fd: 1 | 2, bytes: Uint8Array): Promise<void> {
    this.#tail = bytes.subarray(-tailBytes);
    await this.#write(fd, bytes);
  }

  /** Shows a key that became a signal, as a terminal does. */
  showKey(key: string): void {
    if (isatty(1)) writeNow(1, `${key}\n`);
  }

  /** Ends a line that a program left open, so that what follows does not stand in it. */
  endLine(): void {
    // Escape sequences that put colours or modes back may follow the last character.
    const text = new TextDecoder("latin1")
      .decode(this.#tail)
      .replace(/(\x1b(\[[\d;?]*[a-zA-Z]|[=>78]))+$/, "");
    this.#tail = new Uint8Array(0);
    if (text !== "" && !text.endsWith("\n")) writeNow(1, this.raw ? "\r\n" : "\n");
  }

  /** A sentence for people. It must have been sanitised where it holds words of the other side. */
  note(sentence: string): void {
    const line = `${this.#name}: ${sentence}`;
    writeNow(2, this.raw ? `\r\x1b[K${line.replaceAll("\n", "\r\n")}\r\n` : `${line}\n`);
    this.redraw?.();
  }

  async #write(fd: 1 | 2, bytes: Uint8Array): Promise<void> {
    try {
      await writeOut(fd, bytes);
    } catch (error) {
      if (!(error instanceof OutputClosedError || error instanceof OutputFailedError)) throw error;
      if (fd === 1) this.#gone.resolve(error);
    }
  }
}
