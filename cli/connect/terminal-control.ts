import { limits } from "../../core/limits.ts";
import { RawMode } from "../terminal/raw-mode.ts";
import type { Screen } from "../terminal/screen.ts";
import { stopOurselves } from "../terminal/stop-ourselves.ts";

const ctrlC = 0x03;

/** The terminal's keyboard and mode. Whoever holds it gets the keys; without a holder they wait. */
export class TerminalControl implements Disposable {
  readonly #raw = new RawMode();
  readonly #screen: Screen;
  #holder: ((keys: Uint8Array) => void) | undefined;
  #interrupted: (() => void) | undefined;
  #ahead: Uint8Array[] = [];
  #aheadBytes = 0;
  readonly #hungUp = Promise.withResolvers<void>();

  constructor(screen: Screen) {
    this.#screen = screen;
    void this.#read();
  }

  /** Resolves when the terminal is gone. */
  get hungUp(): Promise<void> {
    return this.#hungUp.promise;
  }

  /**
   * Raw mode, and every key to `keys`, until disposed. Raw mode stays on after that: what is typed before the next holder
   * comes must neither be echoed twice nor be taken for an end of input by the terminal.
   */
  take(keys: (keys: Uint8Array) => void): Disposable {
    this.enterRaw();
    this.#holder = keys;
    const ahead = this.#ahead;
    this.#ahead = [];
    this.#aheadBytes = 0;
    for (const piece of ahead) keys(piece);
    return {
      [Symbol.dispose]: () => {
        this.#holder = undefined;
      },
    };
  }

  /** Keys that somebody took and did not use: the next holder gets them first. */
  giveBack(keys: Uint8Array): void {
    if (keys.length === 0) return;
    this.#ahead.unshift(keys);
    this.#aheadBytes += keys.length;
  }

  /** Raw mode; keys wait for a holder. */
  enterRaw(): void {
    this.#setRaw(true);
  }

  /** Ctrl-C and Ctrl-Z are signals and output is treated as usual until disposed; other keys wait for a holder. */
  makeSignals(): Disposable {
    this.#screen.raw = false;
    this.#raw.enterSignals();
    return { [Symbol.dispose]: () => this.enterRaw() };
  }

  /** Calls `interrupted` for a Ctrl-C that nobody else takes, until disposed. */
  watchInterrupt(interrupted: () => void): Disposable {
    this.#interrupted = interrupted;
    return {
      [Symbol.dispose]: () => {
        this.#interrupted = undefined;
      },
    };
  }

  /** Stops this program as Ctrl-Z does with any other. */
  suspend(): void {
    const { raw } = this.#screen;
    this.#setRaw(false);
    stopOurselves();
    this.#setRaw(raw);
  }

  [Symbol.dispose](): void {
    this.#screen.raw = false;
    this.#raw[Symbol.dispose]();
  }

  #setRaw(raw: boolean): void {
    this.#screen.raw = raw;
    if (raw) this.#raw.enter();
    else this.#raw.leave();
  }

  async #read(): Promise<void> {
    try {
      for await (const keys of Bun.stdin.stream()) {
        if (this.#holder !== undefined) this.#holder(keys);
        else if (this.#interrupted !== undefined && keys.includes(ctrlC)) this.#interrupted();
        else if (this.#aheadBytes + keys.length <= limits.typeAheadBytes) {
          this.#ahead.push(keys);
          this.#aheadBytes += keys.length;
        }
      }
    } finally {
      this.#hungUp.resolve();
    }
  }
}
