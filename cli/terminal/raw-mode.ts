import {
  applyTerminalSettings,
  lineEndSettings,
  rawSettings,
  readTerminalSettings,
  signalSettings,
  type TerminalSettings,
} from "../../core/host/termios.ts";

/**
 * Raw mode of the terminal on stdin, restored when disposed and when the process ends by any way that we see. Bun's own
 * setRawMode keeps turning line ends into CR LF, which breaks full-screen programs.
 */
export class RawMode implements Disposable {
  readonly #cooked: TerminalSettings;
  #mode: "usual" | "raw" | "signals" | "key" = "usual";
  readonly #restore = () => this.leave();

  /** Throws TypeError where stdin is no terminal. */
  constructor() {
    const cooked = readTerminalSettings(0);
    if (cooked === undefined) throw new TypeError("stdin is not a terminal");
    this.#cooked = cooked;
    process.on("exit", this.#restore);
  }

  /** Every key as it is. */
  enter(): void {
    this.#change("raw", rawSettings(this.#cooked));
  }

  /** Keys without echo, but Ctrl-C and Ctrl-Z are signals, and output is treated as usual. */
  enterSignals(): void {
    this.#change("signals", signalSettings(this.#cooked));
  }

  /** Lines as usual, but `key` is read as soon as it is typed. */
  enterKey(key: number): void {
    this.#change("key", lineEndSettings(this.#cooked, key));
  }

  leave(): void {
    this.#change("usual", this.#cooked);
  }

  [Symbol.dispose](): void {
    this.leave();
    process.off("exit", this.#restore);
  }

  #change(mode: "usual" | "raw" | "signals" | "key", settings: TerminalSettings): void {
    if (this.#mode === mode) return;
    this.#mode = mode;
    applyTerminalSettings(0, settings);
  }
}
