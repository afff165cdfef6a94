import { ourServerCommand } from "./our-program.ts";
import { treeOf } from "./process-tree.ts";

export interface TestServerOptions {
  /** What starts it up to `--listen`, where that is not our program alone. */
  readonly command?: readonly string[];
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly listen?: string;
  /** Starts it with SIGHUP ignored, as `nohup` does. */
  readonly ignoreHangup?: boolean;
}

/** Our server as a process of its own, as a user runs it. `await using` ends it. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  readonly exited: Promise<number>;
  stderr(): string;
  signal(name: NodeJS.Signals): void;
  /** The server's own processes, helpers of its own included, as they were when it began to listen. */
  readonly ownProcesses: readonly number[];
}

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const server = [
    ...(options.command ?? ourServerCommand()),
    "--listen",
    options.listen ?? "ws://127.0.0.1:0",
    ...(options.flags ?? []),
  ];
  const deaf = ["/bin/sh", "-c", 'trap "" HUP; exec "$@"', "sh", ...server];
  const command = options.ignoreHangup ? deaf : server;
  const child = Bun.spawn(command, {
    env: { ...process.env, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  let errors = "";
  void (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream()))
      errors = (errors + text).slice(-20000);
  })();
  const url = await firstLine(child.stdout);
  if (!url) throw new Error(`the server ended with ${await child.exited}: ${errors}`);
  return {
    url,
    pid: child.pid,
    exited: child.exited,
    stderr: () => errors,
    signal: (name) => child.kill(name),
    ownProcesses: treeOf(child.pid),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM");
      const forced = setTimeout(() => child.kill("SIGKILL"), 8000);
      await child.exited;
      clearTimeout(forced);
    },
  };
}

async function firstLine(stdout: ReadableStream<Uint8Array>): Promise<string | undefined> {
  const reader = stdout.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return undefined;
    text += decoder.decode(value, { stream: true });
    const end = text.indexOf("\n");
    if (end >= 0) return text.slice(0, end);
  }
}
