import { LineSplitter } from "../../core/transport/line-splitter.ts";

interface Reply {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** What one process is known to have done. */
export interface Seen {
  /** By stream, as text. */
  readonly output: Record<string, string>;
  exitCode: number | undefined;
  closed: boolean;
}

/**
 * A client on the stdio of a program, as strict as the published one: a line that is no message ends it, and so does an
 * event whose number is not the next one of its process.
 */
export class StockStdioClient implements AsyncDisposable {
  readonly child: Bun.Subprocess<"pipe", "pipe", "pipe">;
  readonly #pending = new Map<number, (reply: Reply) => void>();
  readonly #seen = new Map<string, Seen & { nextSeq: number }>();
  readonly #watchers = new Set<() => void>();
  #nextId = 1;
  /** The first thing that a published client would not have borne. */
  fault: string | undefined;
  stderr = "";

  constructor(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = Bun.spawn([...argv], {
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
      env: { ...process.env, CODEX_EXEC_SERVER_URL: "", ...env },
    });
    void this.#read();
    void this.#listen();
  }

  /** A reply, be it an error. */
  call(method: string, params: object): Promise<Reply> {
    const id = this.#nextId++;
    const { promise, resolve } = Promise.withResolvers<Reply>();
    this.#pending.set(id, resolve);
    this.#write({ id, method, params });
    return promise;
  }

  /** A request that must succeed. */
  async request(method: string, params: object): Promise<unknown> {
    const { result, error } = await this.call(method, params);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  async initialize(): Promise<unknown> {
    const answer = await this.request("initialize", { clientName: "stock", resumeSessionId: null });
    this.#write({ method: "initialized", params: {} });
    return answer;
  }

  /** Runs a shell script to its end, as far as is told. */
  async start(processId: string, script: string, pipeStdin = false): Promise<Seen> {
    await this.request("process/start", {
      processId,
      argv: ["/bin/sh", "-c", script],
      cwd: "file:///tmp",
      env: {},
      envPolicy: { inherit: "all", ignoreDefaultExcludes: true, exclude: [], set: {}, includeOnly: [] },
      tty: false,
      pipeStdin,
      arg0: null,
    });
    return this.process(processId);
  }

  process(processId: string): Seen {
    return this.#process(processId);
  }

  /** Resolves once it is so, asked after everything that comes; rejects with what is wrong. */
  async when(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) {
      if (this.fault !== undefined) throw new Error(this.fault);
      await new Promise<void>((resolve) => this.#watchers.add(resolve));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.stdin.end();
    const forced = setTimeout(() => this.child.kill("SIGKILL"), 8_000);
    await this.child.exited;
    clearTimeout(forced);
  }

  #write(message: object): void {
    this.child.stdin.write(`${JSON.stringify(message)}\n`);
    this.child.stdin.flush();
  }

  async #read(): Promise<void> {
    const lines = new LineSplitter(64 * 1024 * 1024);
    for await (const bytes of this.child.stdout) lines.push(bytes, (line) => this.#take(line));
    this.fault ??= `the program ended: ${this.stderr}`;
    this.#tell();
  }

  async #listen(): Promise<void> {
    for await (const text of this.child.stderr.pipeThrough(new TextDecoderStream())) {
      this.stderr += text;
      this.#tell();
    }
  }

  #take(line: string): void {
    try {
      const message = JSON.parse(line);
      if (message.id !== undefined) {
        this.#pending.get(message.id)?.(message);
        this.#pending.delete(message.id);
      } else this.#notified(message.method, message.params);
    } catch {
      this.fault ??= `no message: ${line}`;
    }
    this.#tell();
  }

  #notified(
    method: string,
    params: { processId: string; seq: number; stream: string; chunk: string; exitCode: number },
  ): void {
    if (!method.startsWith("process/")) return;
    const seen = this.#process(params.processId);
    if (params.seq !== seen.nextSeq)
      this.fault ??= `${params.processId}: ${params.seq} after ${seen.nextSeq - 1}`;
    seen.nextSeq += 1;
    if (method === "process/output") {
      const text = Buffer.from(params.chunk, "base64").toString();
      seen.output[params.stream] = (seen.output[params.stream] ?? "") + text;
    }
    if (method === "process/exited") seen.exitCode = params.exitCode;
    if (method === "process/closed") seen.closed = true;
  }

  #process(processId: string): Seen & { nextSeq: number } {
    const known = this.#seen.get(processId);
    if (known !== undefined) return known;
    const seen = { output: {}, exitCode: undefined, closed: false, nextSeq: 1 };
    this.#seen.set(processId, seen);
    return seen;
  }

  #tell(): void {
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    for (const watcher of watchers) watcher();
  }
}
