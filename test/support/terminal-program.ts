import { expect } from "bun:test";

export interface TerminalProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly rows?: number;
  readonly columns?: number;
}

/** A program on a PTY of its own, driven like a person would: by what is seen, not by time. */
export class TerminalProgram implements AsyncDisposable {
  readonly #child: Bun.Subprocess;
  readonly #terminal: Bun.Terminal;
  #seen = "";
  /** Up to here the screen was waited for. */
  #read = 0;
  #news = Promise.withResolvers<void>();

  constructor(argv: readonly string[], options: TerminalProgramOptions = {}) {
    const decoder = new TextDecoder();
    this.#child = Bun.spawn([...argv], {
      cwd: options.cwd ?? process.cwd(),
      env: { ...process.env, TERM: "xterm", ...options.env },
      terminal: {
        cols: options.columns ?? 80,
        rows: options.rows ?? 24,
        data: (_terminal, bytes) => {
          this.#seen += decoder.decode(bytes, { stream: true });
          this.#wake();
        },
      },
    });
    const { terminal } = this.#child;
    if (terminal === undefined) throw new Error("no terminal was made");
    this.#terminal = terminal;
    void this.#child.exited.then(() => this.#wake());
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Everything it has written. */
  get seen(): string {
    return this.#seen;
  }

  type(keys: string): void {
    this.#terminal.write(keys);
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
  }

  /** Waits until something after what was waited for before matches; gives the match. */
  async see(pattern: RegExp | string, timeoutMs = 4_000): Promise<RegExpExecArray> {
    const regex = typeof pattern === "string" ? new RegExp(RegExp.escape(pattern)) : pattern;
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const match = regex.exec(this.#seen.slice(this.#read));
      if (match !== null) {
        this.#read += match.index + match[0].length;
        return match;
      }
      const left = deadline - performance.now();
      if (left <= 0) {
        expect().fail(
          `did not see ${regex}; unread screen:\n${JSON.stringify(this.#seen.slice(this.#read))}`,
        );
      }
      await Promise.race([this.#news.promise, Bun.sleep(left)]);
    }
  }

  async exitCode(): Promise<number> {
    return await this.#child.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.exited;
    this.#terminal.close();
  }

  #wake(): void {
    const news = this.#news;
    this.#news = Promise.withResolvers<void>();
    news.resolve();
  }
}
