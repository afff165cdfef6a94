import { referenceProgram } from "../side.ts";

export interface AppMessage {
  readonly id?: number;
  readonly method?: string;
  readonly params?: AppParams;
  readonly result?: AppResult;
  readonly error?: { readonly message: string };
}

/** The members that the tests look at; a missing one fails an assertion. */
export interface AppParams {
  readonly threadId?: string;
  readonly turn?: { readonly status: string; readonly id: string };
  readonly item?: { readonly type: string };
}

export interface AppResult {
  readonly thread?: { readonly id: string };
  readonly turn?: { readonly id: string };
  readonly shell?: unknown;
  readonly status?: string;
}

/** `codex app-server`, the published client as a service, spoken to over its stdin and stdout. */
export class AppServer {
  readonly #child: Bun.Subprocess<"pipe", "pipe", "ignore">;
  readonly #pending = new Map<number, (message: AppMessage) => void>();
  readonly #watchers = new Set<(message: AppMessage) => void>();
  #lastId = 0;

  private constructor(env: Readonly<Record<string, string | undefined>>) {
    this.#child = Bun.spawn([referenceProgram(), "app-server"], {
      env: { ...process.env, ...env },
      stdin: "pipe",
      stdout: "pipe",
      stderr: "ignore",
    });
    void this.#read();
  }

  static async start(env: Readonly<Record<string, string | undefined>>): Promise<AppServer> {
    const app = new AppServer(env);
    await app.call("initialize", {
      clientInfo: { name: "harness", title: "harness", version: "0" },
      capabilities: { experimentalApi: true },
    });
    app.#write({ method: "initialized", params: {} });
    return app;
  }

  call(method: string, params: unknown): Promise<AppMessage> {
    const id = ++this.#lastId;
    const reply = new Promise<AppMessage>((resolve) => this.#pending.set(id, resolve));
    this.#write({ id, method, params });
    return reply;
  }

  next(matches: (message: AppMessage) => boolean): Promise<AppMessage> {
    return new Promise((resolve) => {
      const watcher = (message: AppMessage) => {
        if (!matches(message)) return;
        this.#watchers.delete(watcher);
        resolve(message);
      };
      this.#watchers.add(watcher);
    });
  }

  /** A turn of a thread from its prompt to its end; how it ended. */
  async turn(threadId: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const completed = this.next(
      ({ method, params }) => method === "turn/completed" && params?.threadId === threadId,
    );
    const started = await this.call("turn/start", {
      threadId,
      input: [{ type: "text", text: "go" }],
      ...more,
    });
    if (started.error) return started.error.message;
    return (await completed).params?.turn?.status ?? "";
  }

  async startThread(params: Readonly<Record<string, unknown>>): Promise<string> {
    const reply = await this.call("thread/start", params);
    const id = reply.result?.thread?.id;
    if (id === undefined) throw new Error(`thread/start: ${JSON.stringify(reply.error)}`);
    return id;
  }

  async end(): Promise<void> {
    this.#child.kill();
    await this.#child.exited;
  }

  #write(message: unknown): void {
    this.#child.stdin.write(`${JSON.stringify(message)}\n`);
    this.#child.stdin.flush();
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const bytes of this.#child.stdout) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.trim() !== "") this.#receive(line);
    }
  }

  #receive(line: string): void {
    // The published client's own protocol: see AppParams.
    const message = JSON.parse(line) as AppMessage;
    if (message.method === undefined) {
      this.#pending.get(message.id ?? 0)?.(message);
      this.#pending.delete(message.id ?? 0);
    } else if (message.id !== undefined) {
      this.#write({ id: message.id, error: { code: -32601, message: "not answered here" } });
    } else {
      for (const watcher of [...this.#watchers]) watcher(message);
    }
  }
}
