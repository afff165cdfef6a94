import { limits } from "../limits.ts";
import { SpawnError } from "../process/spawned-process.ts";
import type { ConnectionEvents } from "../transport/connection.ts";
import { type ConnectionEnd, DialError, type DialedConnection } from "../transport/dialed-connection.ts";
import { LineSplitter } from "../transport/line-splitter.ts";
import { messageStart } from "./message-start.ts";
import type { Noise } from "./noise.ts";
import type { Program, ProgramSpec } from "./program.ts";
import { startProgram } from "./start-program.ts";

export interface CommandEvents {
  listen(connection: DialedConnection): ConnectionEvents;
  heard(noise: Noise): void;
}

/**
 * Starts a command that speaks the protocol in JSON lines on its stdin and stdout (an exec-server over `ssh`, say). The
 * command and all that it started end with the connection, and with us. Rejects with {@link DialError}.
 */
export async function dialCommand(
  spec: ProgramSpec,
  { listen, heard }: CommandEvents,
): Promise<DialedConnection> {
  const [name] = spec.argv;
  let program: Program;
  try {
    program = await startProgram(spec);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const inCwd = error instanceof SpawnError && error.stage === "cwd" ? ` in ${spec.cwd}` : "";
    throw new DialError(`cannot start ${name}${inCwd}: ${reason}`, { retry: false, cause: error });
  }
  const connection = new CommandConnection(program, name);
  connection.start(listen(connection), heard);
  return connection;
}

class CommandConnection implements DialedConnection {
  readonly transport = "stdio";
  readonly peer: string;
  readonly gone: Promise<void>;
  readonly #program: Program;
  readonly #over = Promise.withResolvers<void>();
  #end: ConnectionEnd | undefined;
  #events: ConnectionEvents | undefined;
  #buffered = 0;
  #wasHigh = false;
  #hasSpoken = false;
  #tail: Promise<unknown> = Promise.resolve();
  #gate: PromiseWithResolvers<void> | undefined;
  /** The last two lines of stderr: the first is often the reason, and the second the consequence. */
  #lastComplaints: readonly string[] = [];

  constructor(program: Program, peer: string) {
    this.#program = program;
    this.peer = peer;
    this.gone = this.#over.promise.then(() => endProgram(program));
  }

  get buffered(): number {
    return this.#buffered;
  }

  get end(): ConnectionEnd | undefined {
    return this.#end;
  }

  start(events: ConnectionEvents, heard: CommandEvents["heard"]): void {
    this.#events = events;
    const complaints = this.#readComplaints(heard);
    this.#readMessages(heard).then(
      async () => {
        const ended = await this.#program.ended;
        // What it complained of last is why it ended; a descendant may hold stderr open for ever.
        await Promise.race([complaints, Bun.sleep(limits.lastComplaintMs)]);
        const why = this.#lastComplaints.length === 0 ? "" : `: ${this.#lastComplaints.join("; ")}`;
        this.#finish({ code: 1006, reason: `${this.peer} ended with ${ended}${why}` });
      },
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
    const finish = () => this.#finish({ code, reason });
    void this.#tail.then(finish);
    // A program that does not read must not keep the connection.
    setTimeout(finish, limits.lastWordsMs).unref();
  }

  pause(): void {
    this.#gate ??= Promise.withResolvers<void>();
  }

  resume(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  async #readMessages(heard: CommandEvents["heard"]): Promise<void> {
    const malformed = (bytes: Uint8Array) =>
      heard({ from: "stdout", text: new TextDecoder().decode(bytes.subarray(0, limits.noiseLineBytes)) });
    const lines = new LineSplitter(limits.incomingMessageBytes, { malformed });
    for (let bytes = await this.#program.stdout.read(); bytes !== null; ) {
      lines.push(bytes, (line) => {
        if (this.#end === undefined) this.#events?.message(this.#hasSpoken ? line : this.#first(line, heard));
      });
      await this.#gate?.promise;
      bytes = this.#end === undefined ? await this.#program.stdout.read() : null;
    }
  }

  /** What a login has printed without a line end stands before the first message. */
  #first(line: string, heard: CommandEvents["heard"]): string {
    const start = messageStart(line);
    this.#hasSpoken = start >= 0;
    if (start <= 0) return line;
    heard({ from: "stdout", text: line.slice(0, Math.min(start, limits.noiseLineBytes)) });
    return line.slice(start);
  }

  /** stderr is read to its end, so that nobody waits for us to read it. */
  async #readComplaints(heard: CommandEvents["heard"]): Promise<void> {
    let rest = "";
    const decoder = new TextDecoder();
    for (let bytes = await this.#program.stderr.read(); bytes !== null; ) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split(/\r?\n/);
      rest = (lines.pop() ?? "").slice(-limits.noiseLineBytes);
      for (const line of lines) this.#complained(line, heard);
      bytes = await this.#program.stderr.read();
    }
    this.#complained(rest, heard);
  }

  #complained(line: string, heard: CommandEvents["heard"]): void {
    if (line.trim() === "") return;
    const complaint = line.trim().slice(0, limits.upgradeReasonBytes);
    this.#lastComplaints = [...this.#lastComplaints, complaint].slice(-2);
    heard({ from: "stderr", text: line.slice(0, limits.noiseLineBytes) });
  }

  async #write(text: string): Promise<void> {
    await this.#program.write(new TextEncoder().encode(`${text}\n`));
    this.#buffered -= text.length;
    if (!this.#wasHigh || this.#buffered > limits.outboundLowWaterBytes) return;
    this.#wasHigh = false;
    this.#events?.drained();
  }

  #finish(end: ConnectionEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#gate?.resolve();
    this.#over.resolve();
    this.#events?.closed();
  }
}

/** The end of its input, then SIGTERM, then SIGKILL to the whole tree. */
async function endProgram(program: Program): Promise<void> {
  program.closeInput();
  const terminate = setTimeout(() => program.terminate(), limits.commandTermMs);
  const kill = Promise.withResolvers<void>();
  const deadline = setTimeout(kill.resolve, limits.commandEndMs);
  await Promise.race([program.ended, kill.promise]);
  clearTimeout(terminate);
  clearTimeout(deadline);
  await program[Symbol.asyncDispose]();
}
