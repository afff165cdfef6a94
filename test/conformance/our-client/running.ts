import { pathToUri } from "../../../core/client/remote-path.ts";
import type { Environment } from "../../../core/environment/environment.ts";
import type { EnvironmentProcess, ProcessEvent, StartSpec } from "../../../core/process/process-backend.ts";

/** What a command did, without how its output was cut into pieces. */
export interface Outcome {
  /** By stream; bytes that are no UTF-8 show as `\xNN`. */
  readonly output: Readonly<Record<string, string>>;
  /** Everything else in its order, in words. */
  readonly ending: readonly string[];
}

/** A shell script in a directory of the environment. */
export function script(text: string, cwd: string, more: Partial<StartSpec> = {}): StartSpec {
  const stdio = { kind: "pipes", stdin: false } as const;
  return { argv: ["/bin/sh", "-c", text], cwd: pathToUri(cwd), env: {}, inherit: "all", stdio, ...more };
}

/** A command under way, and what it has said so far. */
export class Running {
  readonly process: EnvironmentProcess;
  readonly #events: readonly ProcessEvent[];
  readonly #heard: Heard;
  readonly #over: Promise<void>;

  private constructor(
    process: EnvironmentProcess,
    { events, heard, over }: { events: readonly ProcessEvent[]; heard: Heard; over: Promise<void> },
  ) {
    this.process = process;
    this.#events = events;
    this.#heard = heard;
    this.#over = over;
  }

  static async start({ processes }: Environment, spec: StartSpec): Promise<Running> {
    const events: ProcessEvent[] = [];
    const heard: Heard = { tell: Promise.withResolvers() };
    const over = Promise.withResolvers<void>();
    const process = await processes.start(spec, (event) => {
      events.push(event);
      heard.tell.resolve();
      heard.tell = Promise.withResolvers();
      if (event.kind === "closed" || event.kind === "lost") over.resolve();
      return undefined;
    });
    return new Running(process, { events, heard, over: over.promise });
  }

  /** Resolves when its output so far holds this text. */
  async says(text: string): Promise<void> {
    while (!Object.values(outputOf(this.#events)).join("").includes(text)) {
      if (this.process.over)
        throw new Error(`it ended without ${text}: ${JSON.stringify(outcomeOf(this.#events))}`);
      await this.#heard.tell.promise;
    }
  }

  type(text: string): Promise<void> {
    return this.process.stdin.write(new TextEncoder().encode(text));
  }

  /** What it did, once it is closed or lost. */
  async outcome(): Promise<Outcome> {
    await this.#over;
    return outcomeOf(this.#events);
  }
}

interface Heard {
  /** Replaced with every event. */
  tell: PromiseWithResolvers<void>;
}

/** Runs a command to its end. */
export async function finish(environment: Environment, spec: StartSpec): Promise<Outcome> {
  const running = await Running.start(environment, spec);
  return await running.outcome();
}

function outcomeOf(events: readonly ProcessEvent[]): Outcome {
  return { output: outputOf(events), ending: events.flatMap(inWords) };
}

function outputOf(events: readonly ProcessEvent[]): Record<string, string> {
  const pieces: Record<string, Uint8Array[]> = {};
  for (const event of events) {
    if (event.kind !== "output") continue;
    pieces[event.stream] ??= [];
    pieces[event.stream]?.push(event.bytes);
  }
  return Object.fromEntries(
    Object.entries(pieces).map(([stream, bytes]) => [stream, shown(Buffer.concat(bytes))]),
  );
}

function shown(bytes: Buffer): string {
  const text = bytes.toString();
  if (!text.includes("\uFFFD")) return text;
  return bytes.toString("latin1").replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}

function inWords(event: ProcessEvent): string | readonly [] {
  switch (event.kind) {
    case "output":
      return [];
    case "gap":
      return "gap";
    case "exited":
      return event.status.kind === "exited"
        ? `exited ${event.status.code}`
        : `exit unknown: ${event.status.reason}`;
    case "closed":
      return "closed";
    case "lost":
      return `lost: ${event.reason}`;
  }
}

/** What an attempt is refused with, by name and in words. */
export async function refusal(attempt: () => unknown): Promise<string> {
  try {
    await attempt();
  } catch (error) {
    return String(error);
  }
  return "not refused";
}
