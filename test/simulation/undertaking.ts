import type { ExecClient } from "../../core/client/connect-client.ts";
import type { EnvironmentProcess } from "../../core/process/process-backend.ts";
import { StdinClosedError } from "../../core/process/remote/remote-stdin.ts";
import { RpcError } from "../../core/protocol/rpc-error.ts";
import { DeadlineError } from "../../core/rpc/caller.ts";
import { EffectUnknownError, LinkLostError } from "../../core/rpc/remote-calls.ts";
import { startOf } from "./connect-simulated.ts";
import { ObservedProcess } from "./observed-process.ts";
import type { Schedule, Work } from "./schedule.ts";
import type { ScriptedProcess, ScriptedSpawner } from "./scripted-process.ts";

interface Asked {
  readonly signalNumber: number;
  readonly outcome: "done" | "unknown" | "not asked";
}

const signalNumbers = { SIGUSR1: 10, SIGUSR2: 12, SIGHUP: 1, SIGWINCH: 28 } as const;

/** What an application meets. */
export interface Scene {
  readonly client: ExecClient;
  readonly spawner: ScriptedSpawner;
  readonly schedule: Schedule;
}

/** One process as the application uses it: starts it, writes, signals, ends it, and checks what became of all that. */
export class Undertaking {
  readonly work: Work;
  readonly observed: ObservedProcess;
  readonly #client: ExecClient;
  readonly #started: () => ScriptedProcess | undefined;
  readonly #report: (violation: string) => void;
  /** Behind a bridge an error is all that a client hears of a lost session. */
  readonly #mayFail: boolean;
  readonly #asked: Asked[] = [];
  #process: EnvironmentProcess | undefined;
  #startFailed = false;
  #written = "";

  constructor(work: Work, { client, spawner, schedule }: Scene, report: (violation: string) => void) {
    this.work = work;
    this.#client = client;
    this.#started = () => spawner.named(work.script.name)[0];
    this.#report = (violation) => report(`${work.script.name}: ${violation}`);
    const mayBeLost = schedule.bridged && schedule.harsh;
    this.#mayFail = mayBeLost;
    this.observed = new ObservedProcess(work.script, { readerMs: work.readerMs, mayBeLost, report });
  }

  get over(): boolean {
    return this.#startFailed || this.observed.end !== undefined;
  }

  async run(): Promise<void> {
    const { work } = this;
    await Bun.sleep(work.atMs);
    try {
      this.#process = await this.#client.processes.start(startOf(work.script), this.observed.sink);
    } catch (error) {
      this.#startFailed = true;
      if (!this.#isEnd(error)) this.#report(`the start failed: ${error}`);
      return;
    }
    await Promise.all([this.#write(), this.#signal(), this.#terminate()]);
  }

  /** Types something more, at this very moment. */
  typeNow(token: string): void {
    if (this.#process === undefined || this.over) return;
    this.#written += token;
    this.#process.stdin.write(new TextEncoder().encode(token)).catch(() => {});
  }

  /** Holds what the application was told against what happened on the server. */
  finish(started: readonly ScriptedProcess[]): void {
    if (started.length > 1) this.#report(`started ${started.length} times`);
    const [process] = started;
    if (this.#startFailed) return;
    this.observed.finish(process);
    if (process === undefined) return;
    if (!this.#written.startsWith(process.typed))
      this.#report(`typed ${JSON.stringify(process.typed)} of ${JSON.stringify(this.#written)}`);
    for (const { signalNumber, outcome } of this.#asked) {
      const count = process.signals.filter((signal) => signal === signalNumber).length;
      if (count > 1) this.#report(`signal ${signalNumber} came ${count} times`);
      if (count > 0 && outcome === "not asked")
        this.#report(`signal ${signalNumber} came, and is said not to have`);
    }
  }

  async #write(): Promise<void> {
    const { stdin } = this.#process ?? {};
    if (stdin === undefined) return;
    try {
      for (const [index, pauseMs] of this.work.writes.entries()) {
        await Bun.sleep(pauseMs);
        if (this.over) return;
        const token = `${index};`;
        this.#written += token;
        await stdin.write(new TextEncoder().encode(token));
      }
      const { length } = this.#written;
      await stdin.flush();
      const process = this.#started();
      if (process !== undefined && !process.ended && process.typed.length < length)
        this.#report(`acknowledged ${length} bytes, and it got ${process.typed.length}`);
    } catch (error) {
      const terminated = error instanceof RpcError && this.work.terminateAtMs !== undefined;
      if (!(terminated || error instanceof StdinClosedError || this.#isEnd(error)))
        this.#report(`a write failed: ${error}`);
    }
  }

  async #signal(): Promise<void> {
    const asked = this.work.signals.map(async ({ name, atMs }) => {
      await Bun.sleep(atMs);
      const signalNumber = signalNumbers[name as keyof typeof signalNumbers];
      try {
        await this.#process?.signal(name);
        this.#asked.push({ signalNumber, outcome: "done" });
      } catch (error) {
        const unknown = isUnknown(error);
        if (!unknown && !this.#isEnd(error)) this.#report(`a signal failed: ${error}`);
        this.#asked.push({ signalNumber, outcome: unknown ? "unknown" : "not asked" });
      }
    });
    await Promise.all(asked);
  }

  async #terminate(): Promise<void> {
    if (this.work.terminateAtMs === undefined) return;
    await Bun.sleep(this.work.terminateAtMs);
    try {
      await this.#process?.terminate();
    } catch (error) {
      if (!this.#isEnd(error)) this.#report(`terminate failed: ${error}`);
    }
  }

  #isEnd(error: unknown): boolean {
    return isEnd(error) || (this.#mayFail && error instanceof RpcError);
  }
}

/** The session is over, or nothing came in time. */
export function isEnd(error: unknown): boolean {
  return error instanceof LinkLostError || error instanceof DeadlineError;
}

/** A bridge says it in the words of the error that it met. */
function isUnknown(error: unknown): boolean {
  if (error instanceof EffectUnknownError || error instanceof DeadlineError) return true;
  return error instanceof RpcError && error.message.endsWith("whether it took effect is unknown");
}
