import {
  applyTerminalSettings,
  rawSettings,
  readTerminalSettings,
  type TerminalSettings,
} from "../../core/host/termios.ts";

/**
 * Raw mode of the terminal on stdin, restored when disposed and when the process ends by any way that we see. Bun's own
 * setRawMode keeps turning line ends into CR LF, which breaks full-screen programs.
 */
export class RawMode implements Disposable {
  readonly #cooked: TerminalSettings;
  #raw = false;
  readonly #restore = () => this.leave();

  /** Throws TypeError where stdin is no terminal. */
  constructor() {
    const cooked = readTerminalSettings(0);
    if (cooked === undefined) throw new TypeError("stdin is not a terminal");
    this.#cooked = cooked;
    process.on("exit", this.#restore);
  }

  enter(): void {
    if (this.#raw) return;
    this.#raw = true;
    applyTerminalSettings(0, rawSettings(this.#cooked));
  }

  leave(): void {
    if (!this.#raw) return;
    this.#raw = false;
    applyTerminalSettings(0, this.#cooked);
  }

  [Symbol.dispose](): void {
    this.leave();
    process.off("exit", this.#restore);
  }
}
