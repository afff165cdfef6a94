import { isatty } from "node:tty";
import { writeNow } from "../terminal/output.ts";
import { DrawClock, RateMeter, renderProgress } from "../terminal/progress-bar.ts";
import { sanitise } from "../terminal/sanitise.ts";
import { terminalSize } from "../terminal/terminal-size.ts";
import type { TransferProgress } from "./transfer.ts";

/** A progress line on a terminal at stderr, nothing elsewhere. */
export function showProgress(): TransferProgress & Disposable {
  return isatty(2) ? new TerminalProgress() : silent;
}

const silent = { begin() {}, advance() {}, restart() {}, done() {}, [Symbol.dispose]() {} };

class TerminalProgress implements TransferProgress, Disposable {
  readonly #rate = new RateMeter();
  readonly #clock = new DrawClock();
  #label = "";
  #total = 0;
  #done = 0;
  #drawn = false;

  begin(name: string, size: number): void {
    this.#label = sanitise(name.slice(name.lastIndexOf("/") + 1));
    this.#total = size;
    this.#done = 0;
  }

  advance(bytes: number): void {
    this.#done += bytes;
    this.#rate.add(bytes);
    if (this.#clock.due(performance.now())) this.#draw();
  }

  restart(): void {
    this.#done = 0;
  }

  done(): void {
    if (this.#drawn) this.#draw();
  }

  [Symbol.dispose](): void {
    if (this.#drawn) writeNow(2, "\r\n");
    this.#drawn = false;
  }

  #draw(): void {
    this.#drawn = true;
    const line = renderProgress({
      label: this.#label,
      done: this.#done,
      total: this.#total,
      bytesPerSecond: this.#rate.bytesPerSecond,
      columns: terminalSize().columns,
    });
    writeNow(2, `\r\x1b[K${line}`);
  }
}
