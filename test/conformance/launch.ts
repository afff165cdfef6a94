import { serverEnvironment } from "./fixed-environment.ts";
import type { Side } from "./side.ts";

export interface LaunchOptions {
  /** Flags after `--listen URL`. */
  readonly flags?: readonly string[];
  readonly listen?: string;
  /** Added to the fixed environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A server of one side that listens; whoever launches it ends it. */
export interface LaunchedServer {
  readonly url: string;
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  signal(name: NodeJS.Signals): void;
  readonly exited: Promise<number>;
  end(): Promise<void>;
}

export function spawnServer(side: Side, options: LaunchOptions) {
  const listen = options.listen ?? "ws://127.0.0.1:0";
  return Bun.spawn([...side.command, "--listen", listen, ...(options.flags ?? [])], {
    cwd: options.cwd ?? side.directories.cwd,
    env: { ...serverEnvironment(side.directories), ...options.env },
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
  });
}

async function gather(stream: ReadableStream<Uint8Array>, onText: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  for await (const bytes of stream) onText(decoder.decode(bytes, { stream: true }));
}

/** Starts a server and waits for its URL; rejects with what it printed when it ends instead. */
export async function launch(side: Side, options: LaunchOptions): Promise<LaunchedServer> {
  const child = spawnServer(side, options);
  let stdout = "";
  let stderr = "";
  const listening = new Promise<string>((resolve) => {
    void gather(child.stdout, (text) => {
      stdout += text;
      const line = /^(\S+:\/\/\S+)\n/.exec(stdout);
      if (line?.[1]) resolve(line[1]);
    });
  });
  const read = gather(child.stderr, (text) => {
    stderr += text;
  });
  const failed = child.exited.then(async (code) => {
    await read;
    throw new Error(`${side.name} ended with ${code} instead of listening: ${stderr.slice(0, 2000)}`);
  });
  const url = await Promise.race([listening, failed]);
  failed.catch(() => {});
  return {
    url,
    pid: child.pid,
    stdout: () => stdout,
    stderr: () => stderr,
    signal: (name) => child.kill(name),
    exited: child.exited,
    end: async () => {
      child.kill("SIGTERM");
      const forced = setTimeout(() => child.kill("SIGKILL"), 6000);
      await child.exited;
      clearTimeout(forced);
    },
  };
}

/** Runs a server that is expected to refuse its arguments; one that listens instead is ended and says so. */
export async function runToEnd(side: Side, options: LaunchOptions, timeoutMs = 4000): Promise<Ended> {
  const child = spawnServer(side, options);
  let stdout = "";
  let stderr = "";
  const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
  await Promise.all([
    gather(child.stdout, (text) => {
      stdout += text;
      if (/:\/\/\S+\n/.test(stdout)) child.kill("SIGTERM");
    }),
    gather(child.stderr, (text) => {
      stderr += text;
    }),
    child.exited,
  ]);
  clearTimeout(timer);
  return { exitCode: await child.exited, stdout, stderr };
}
