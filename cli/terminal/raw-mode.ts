import { ReadStream } from "node:tty";

/** Puts the terminal on stdin into raw mode until disposed; also undone when the process ends by any way we see. */
export class RawMode implements Disposable {
  readonly #stdin: ReadStream;
  #raw = false;
  readonly #restore = () => this.leave();

  constructor(stdin: ReadStream = asTerminal(process.stdin)) {
    this.#stdin = stdin;
    process.on("exit", this.#restore);
    this.enter();
  }

  enter(): void {
    if (this.#raw) return;
    this.#raw = true;
    this.#stdin.setRawMode(true);
  }

  leave(): void {
    if (!this.#raw) return;
    this.#raw = false;
    this.#stdin.setRawMode(false);
  }

  [Symbol.dispose](): void {
    this.leave();
    process.off("exit", this.#restore);
  }
}

function asTerminal(stream: typeof process.stdin): ReadStream {
  if (stream instanceof ReadStream) return stream;
  throw new TypeError("stdin is not a terminal");
}
