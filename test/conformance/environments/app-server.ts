/** The published client's app-server on a CODEX_HOME, asked one thing after the other. */
export class AppServer implements AsyncDisposable {
  readonly #child: Bun.Subprocess<"pipe", "pipe", "ignore">;
  readonly #lines: AsyncIterator<string>;
  #nextId = 1;

  private constructor(program: string, home: string) {
    this.#child = Bun.spawn([program, "app-server"], {
      env: { PATH: process.env["PATH"], HOME: home, CODEX_HOME: home },
      cwd: home,
      stdin: "pipe",
      stdout: "pipe",
      stderr: "ignore",
    });
    this.#lines = linesOf(this.#child.stdout);
  }

  static async start(program: string, home: string): Promise<AppServer> {
    const server = new AppServer(program, home);
    const clientInfo = { name: "test", title: "test", version: "0" };
    await server.ask("initialize", { clientInfo, capabilities: { experimentalApi: true } });
    server.#send({ method: "initialized" });
    return server;
  }

  /** The answer to a request, be it an error. */
  async ask(method: string, params: object): Promise<Record<string, unknown>> {
    const id = this.#nextId++;
    this.#send({ id, method, params });
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error(`app-server ended before it answered ${method}`);
      const message = JSON.parse(value);
      if (message.id === id) return message;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin.end();
    this.#child.kill();
    await this.#child.exited;
  }

  #send(message: object): void {
    this.#child.stdin.write(`${JSON.stringify(message)}\n`);
    this.#child.stdin.flush();
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of stream) {
    const lines = (text + decoder.decode(bytes, { stream: true })).split("\n");
    text = lines.pop() ?? "";
    yield* lines;
  }
}
