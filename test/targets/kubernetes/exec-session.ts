import type { Socket } from "node:net";
import { dataFrame, replyFrame, type SpdyFrame, SpdyFrames } from "./spdy-frames.ts";
import { SpdyHeaders } from "./spdy-headers.ts";

type Running = Bun.Subprocess<"pipe", "pipe", "pipe">;

/**
 * One `exec` of Kubernetes, version 4 of its protocol, on a connection that was upgraded: the client opens the streams
 * `error`, `stdin`, `stdout` and `stderr`, and then the command runs. Who only goes away ends its stdin, as in a pod.
 */
export async function serveExec(socket: Socket, argv: readonly string[]): Promise<void> {
  const frames = new SpdyFrames();
  const headers = new SpdyHeaders();
  const streams = new Map<string, number>();
  let running: Running | undefined;
  const take = async (frame: SpdyFrame): Promise<void> => {
    if (frame.kind === "ping") socket.write(frame.whole);
    if (frame.kind === "open") {
      socket.write(replyFrame(frame.stream, streams.size === 0));
      streams.set((await headers.read(frame.block)).get("streamtype") ?? "", frame.stream);
      if (streams.size === 4) {
        running = Bun.spawn([...argv], { stdin: "pipe", stdout: "pipe", stderr: "pipe" });
        void finish(socket, running, streams);
      }
    }
    if (frame.kind === "data" && frame.stream === streams.get("stdin")) {
      running?.stdin.write(frame.bytes);
      await running?.stdin.flush();
      if (frame.last) running?.stdin.end();
    }
  };
  try {
    for await (const bytes of socket) for (const frame of frames.push(bytes)) await take(frame);
  } catch {
    // The client was killed.
  } finally {
    running?.stdin.end();
    headers.close();
    socket.destroy();
  }
}

/** Hands on what the command says, and at last how it ended. */
async function finish(socket: Socket, running: Running, streams: ReadonlyMap<string, number>): Promise<void> {
  const pass = async (from: ReadableStream<Uint8Array>, name: string) => {
    const stream = streams.get(name) ?? 0;
    for await (const bytes of from) {
      // Nobody may be there any more.
      if (socket.writable && !socket.write(dataFrame(stream, bytes, false))) await drained(socket);
    }
    if (socket.writable) socket.write(dataFrame(stream, new Uint8Array(), true));
  };
  await Promise.all([pass(running.stdout, "stdout"), pass(running.stderr, "stderr")]);
  const status = Buffer.from(JSON.stringify(statusOf(await running.exited)));
  if (socket.writable) socket.end(dataFrame(streams.get("error") ?? 0, status, true));
}

async function drained(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => {
    socket.once("drain", resolve);
    socket.once("close", resolve);
  });
}

function statusOf(code: number): object {
  if (code === 0) return { metadata: {}, status: "Success" };
  const message = `command terminated with exit code ${code}`;
  const causes = [{ reason: "ExitCode", message: `${code}` }];
  return { metadata: {}, status: "Failure", message, reason: "NonZeroExitCode", details: { causes } };
}
