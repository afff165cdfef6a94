import { treeOf } from "../../test/support/process-tree.ts";
import { BenchClient } from "./bench-client.ts";
import { connectSinks, OutputSink } from "./output-sink.ts";
import { startParams } from "./workload.ts";

/** A server that this run started. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** Milliseconds from spawning it to its URL, and to the first session. */
  readonly listeningMs: number;
  readonly firstSessionMs: number;
  end(): Promise<void>;
}

export async function startServer(command: readonly string[]): Promise<ServerProcess> {
  const begun = performance.now();
  const child = Bun.spawn([...command, "--listen", "ws://127.0.0.1:0"], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "ignore",
  });
  const url = await firstUrl(child.stdout);
  const listeningMs = performance.now() - begun;
  const client = await BenchClient.open(url);
  const firstSessionMs = performance.now() - begun;
  client.close();
  return {
    url,
    pid: child.pid,
    listeningMs,
    firstSessionMs,
    end: async () => {
      child.kill();
      await child.exited;
    },
  };
}

async function firstUrl(stdout: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  const reader = stdout.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the server ended without a URL: ${text}`);
    text += decoder.decode(value, { stream: true });
    const url = /ws:\/\/[0-9.]+:\d+/.exec(text)?.[0];
    if (url) return url;
  }
}

/**
 * Every process of the server itself. Helpers come with the first command, so one is run to its end first; what is
 * there after it is the server's own.
 */
export async function ownProcesses({
  url,
  pid,
}: Pick<ServerProcess, "url" | "pid">): Promise<readonly number[]> {
  const client = await BenchClient.open(url);
  const sink = new OutputSink("warm-up");
  connectSinks(client, [sink]);
  await client.call("process/start", startParams("warm-up", ["/usr/bin/true"]));
  await sink.closed;
  client.close();
  await Bun.sleep(100);
  return treeOf(pid);
}
