import { createInterface, type Interface } from "node:readline";
import { PassThrough } from "node:stream";
import type { Screen } from "../terminal/screen.ts";
import type { History } from "./history.ts";
import type { TerminalControl } from "./terminal-control.ts";

export type Completer = (line: string) => Promise<readonly [candidates: string[], word: string]>;

/** What came of asking for a line. */
export type Typed =
  | { readonly kind: "line"; readonly text: string }
  | { readonly kind: "interrupted" }
  | { readonly kind: "end" };

export interface LineEditorOptions {
  readonly terminal: TerminalControl;
  readonly screen: Screen;
  readonly history: History;
  readonly complete: Completer;
}

/** Reads lines from the terminal with editing, history and completion. It holds the keyboard only while it asks. */
export class LineEditor {
  readonly #options: LineEditorOptions;
  readonly #keys = new PassThrough();
  #readline: Interface;
  /** Ctrl-D closed the reader; whoever asks again gets a new one. */
  #closed = false;
  /** Lines that were pasted with the one that was asked for. */
  readonly #typed: Typed[] = [];
  #waiting: ((typed: Typed) => void) | undefined;

  constructor(options: LineEditorOptions) {
    this.#options = options;
    this.#readline = this.#open();
    // Before the reader sees a key: where it goes on drawing it knows only of what it has drawn as a whole.
    this.#keys.prependListener("keypress", () => this.#drawnFrom(this.#readline.getCursorPos().rows));
    process.stdout.on("resize", this.#resized);
  }

  /** Asks for one line. The prompt is made anew when it has to be drawn again. */
  async ask(prompt: () => string): Promise<Typed> {
    const ready = this.#typed.shift();
    if (ready !== undefined) return ready;
    if (this.#closed) this.#readline = this.#open();
    const { terminal, screen } = this.#options;
    const { promise, resolve } = Promise.withResolvers<Typed>();
    this.#waiting = resolve;
    // Before the prompt, which invites to type.
    terminal.enterRaw();
    this.#readline.setPrompt(prompt());
    // A line may have been begun behind the one before.
    this.#readline.prompt(this.#readline.line !== "");
    screen.redraw = () => {
      this.#readline.setPrompt(prompt());
      // What was written over the line left the cursor at a left edge.
      this.#drawnFrom(0);
      this.#readline.prompt(true);
    };
    // Last, since what was typed ahead comes at once.
    using _keyboard = terminal.take((keys) => this.#keys.write(keys));
    void terminal.hungUp.then(() => this.#give({ kind: "end" }));
    const typed = await promise;
    screen.redraw = undefined;
    return typed;
  }

  close(): void {
    process.stdout.off("resize", this.#resized);
    this.#readline.close();
  }

  readonly #resized = (): void => {
    if (this.#waiting === undefined) return;
    this.#drawnFrom(this.#readline.getCursorPos().rows);
    this.#readline.prompt(true);
  };

  #open(): Interface {
    const { terminal, history, complete } = this.#options;
    const others = process.stdout.listeners("resize");
    const readline = createInterface({
      input: this.#keys,
      output: process.stdout,
      terminal: true,
      history: history.newestFirst(),
      historySize: 2_000,
      removeHistoryDuplicates: true,
      completer: (line: string, done: (error: Error | null, result: [string[], string]) => void) => {
        complete(line).then(
          ([candidates, word]) => done(null, [candidates, word]),
          () => done(null, [[], ""]),
        );
      },
    });
    for (const listener of process.stdout.listeners("resize")) {
      // It would draw the prompt into what a program writes. What listens was given to on(), which takes nothing else.
      if (!others.includes(listener)) process.stdout.off("resize", listener as () => void);
    }
    readline.on("line", (text) => this.#give({ kind: "line", text }));
    readline.on("SIGINT", () => {
      this.#clear();
      this.#give({ kind: "interrupted" });
    });
    readline.on("SIGTSTP", () => terminal.suspend());
    readline.on("close", () => {
      this.#closed = true;
      this.#give({ kind: "end" });
    });
    this.#closed = false;
    return readline;
  }

  /** How many rows below its first one the cursor stands: that far up the reader begins when it draws the line again. */
  #drawnFrom(prevRows: number): void {
    Object.assign(this.#readline, { prevRows });
  }

  /** Forgets what stands in the line. */
  #clear(): void {
    this.#readline.write(null, { ctrl: true, name: "e" });
    this.#readline.write(null, { ctrl: true, name: "u" });
  }

  #give(typed: Typed): void {
    if (typed.kind === "line") this.#options.history.add(typed.text);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) this.#typed.push(typed);
    else waiting(typed);
  }
}
