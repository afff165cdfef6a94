import { writeNow, writeOut } from "./output.ts";

/** Where a program writes: results on stdout, words for people on stderr. */
export class Screen {
  readonly #name: string;
  /** Whether the terminal is raw, so that a line must end in CR LF and begin at the left edge. */
  raw = false;
  /** Draws the line being edited again after something was written over it. */
  redraw: (() => void) | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  /** A result: `text` ends its own lines. */
  async result(text: string): Promise<void> {
    await writeOut(1, new TextEncoder().encode(text));
  }

  /** Program output, raw by nature. */
  async bytes(fd: 1 | 2, bytes: Uint8Array): Promise<void> {
    await writeOut(fd, bytes);
  }

  /** A sentence for people. It must have been sanitised where it holds words of the other side. */
  note(sentence: string): void {
    const line = `${this.#name}: ${sentence}`;
    writeNow(2, this.raw ? `\r\x1b[K${line.replaceAll("\n", "\r\n")}\r\n` : `${line}\n`);
    this.redraw?.();
  }
}
