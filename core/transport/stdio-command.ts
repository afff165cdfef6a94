import { limits } from "../limits.ts";
import type { ConnectionEvents } from "./connection.ts";
import { type ConnectionEnd, DialError, type DialedConnection } from "./dialed-connection.ts";
import { LineSplitter } from "./line-splitter.ts";

/**
 * Starts a command that speaks the protocol in JSON lines on its stdin and stdout (an exec-server over `ssh`, say); its
 * stderr is ours. The command ends when the connection does. Throws {@link DialError}.
 */
export function dialCommand(
  argv: readonly [string, ...string[]],
  listen: (connection: DialedConnection) => ConnectionEvents,
): DialedConnection {
  let child: Child;
  try {
    child = Bun.spawn([...argv], { stdin: "pipe", stdout: "pipe", stderr: "inherit" });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DialError(`cannot start ${argv[0]}: ${reason}`, { retry: false, cause: error });
  }
  const connection = new CommandConnection(child, argv[0]);
  connection.start(listen(connection));
  return connection;
}

type Child = Bun.Subprocess<"pipe", "pipe", "inherit">;

class CommandConnection implements DialedConnection {
  readonly transport = "stdio";
  readonly peer: string;
  readonly #child: Child;
  #end: ConnectionEnd | undefined;
  #events: ConnectionEvents | undefined;
  #buffered = 0;
  #wasHigh = false;
  #tail: Promise<unknown> = Promise.resolve();
  #gate: PromiseWithResolvers<void> | undefined;

  constructor(child: Child, peer: string) {
    this.#child = child;
    this.peer = peer;
  }

  get buffered(): number {
    return this.#buffered;
  }

  get end(): ConnectionEnd | undefined {
    return this.#end;
  }

  start(events: ConnectionEvents): void {
    this.#events = events;
    this.#read().then(
      (reason) => this.#finish({ code: 1006, reason }),
      (error: unknown) =>
        this.#finish({ code: 1002, reason: error instanceof Error ? error.message : String(error) }),
    );
  }

  send(text: string): void {
    if (this.#end !== undefined) return;
    this.#buffered += text.length;
    if (this.#buffered > limits.outboundHighWaterBytes) this.#wasHigh = true;
    this.#tail = this.#tail.then(() => this.#write(text)).catch(() => {});
  }

  close(code: number, reason: string): void {
    this.#tail.then(() => this.#finish({ code, reason }));
  }

  pause(): void {
    this.#gate ??= Promise.withResolvers<void>();
  }

  resume(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  async #read(): Promise<string> {
    const lines = new LineSplitter(limits.incomingMessageBytes);
    for await (const bytes of this.#child.stdout) {
      await this.#gate?.promise;
      if (this.#end !== undefined) break;
      lines.push(bytes, (line) => this.#events?.message(line));
    }
    const code = await this.#child.exited;
    return `${this.peer} ended with exit code ${code}`;
  }

  async #write(text: string): Promise<void> {
    this.#child.stdin.write(`${text}\n`);
    await this.#child.stdin.flush();
    this.#buffered -= text.length;
    if (!this.#wasHigh || this.#buffered > limits.outboundLowWaterBytes) return;
    this.#wasHigh = false;
    this.#events?.drained();
  }

  #finish(end: ConnectionEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#gate?.resolve();
    // The pipe may be gone already, which is what we want of it.
    Promise.resolve(this.#child.stdin.end()).catch(() => {});
    const kill = setTimeout(() => this.#child.kill("SIGKILL"), limits.commandEndMs);
    kill.unref();
    this.#child.exited.then(() => clearTimeout(kill));
    this.#events?.closed();
  }
}
