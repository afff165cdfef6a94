import { limits } from "../../limits.ts";
import { RpcError } from "../../protocol/rpc-error.ts";
import { LinkLostError, type RemoteCalls, UnsupportedError } from "../../rpc/remote-calls.ts";
import type { EnvironmentProcess, ProcessEvent, ProcessSink, SignalName } from "../process-backend.ts";
import { EventDelivery } from "./event-delivery.ts";
import { EventOrder } from "./event-order.ts";
import type { InboundBudget } from "./inbound-budget.ts";
import type { ReadAnswer, SequencedEvent } from "./process-event.ts";
import { processMethods } from "./process-methods.ts";
import { RemoteStdin } from "./remote-stdin.ts";

/** What a server can do with processes beyond the reference. */
export interface ProcessAbilities {
  readonly processResize: boolean;
  readonly processCloseStdin: boolean;
  readonly processSignalNames: boolean;
  readonly processPtySize: boolean;
}

export interface RemoteProcessOptions {
  readonly processId: string;
  readonly tty: boolean;
  readonly sink: ProcessSink;
  readonly calls: RemoteCalls;
  readonly budget: InboundBudget;
  readonly abilities: ProcessAbilities;
  /** Of a process that an earlier client started: how far its events were taken. */
  readonly after?: number;
}

/** A process on a server, whatever happens to the link in between. */
export class RemoteProcess implements EnvironmentProcess {
  readonly processId: string;
  readonly tty: boolean;
  readonly stdin: RemoteStdin;
  readonly #options: RemoteProcessOptions;
  readonly #order: EventOrder;
  readonly #delivery: EventDelivery;
  #over = false;
  readonly #ended = Promise.withResolvers<void>();
  #holeTimer: Timer | undefined;
  #catchingUp = false;
  #catchUpAgain = false;
  /** Ends the wait for what the server sends by itself. */
  #settled: (() => void) | undefined;

  constructor(options: RemoteProcessOptions) {
    this.#options = options;
    this.processId = options.processId;
    this.tty = options.tty;
    this.#order = new EventOrder(options.after);
    this.#delivery = new EventDelivery(options.sink, options.budget);
    const writer = options.after === undefined ? "" : `${crypto.randomUUID()}-`;
    this.stdin = new RemoteStdin({ ...options, writer });
  }

  /** How far its events were taken: what another client goes on after. */
  get position(): number {
    return this.#order.last;
  }

  /** `closed` or `lost` was handed out. */
  get over(): boolean {
    return this.#over;
  }

  /** Resolves when it is {@link over}. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Sends a signal to the process group. Throws {@link UnsupportedError} where the server knows no such signal. */
  async signal(name: SignalName): Promise<void> {
    const { calls, abilities } = this.#options;
    if (name === "SIGKILL") return void (await this.terminate());
    if (name !== "SIGINT" && !abilities.processSignalNames) {
      throw new UnsupportedError(`the server can send SIGINT and SIGKILL only, not ${name}`);
    }
    const signal = name === "SIGINT" ? "interrupt" : name;
    await calls.call(processMethods.signal, { processId: this.processId, signal });
  }

  /** SIGKILL to the whole tree. False: it had ended before. */
  async terminate(): Promise<boolean> {
    return (await this.#options.calls.call(processMethods.terminate, { processId: this.processId })).running;
  }

  /** New size of the PTY. Throws {@link UnsupportedError} where the server has only the size of the start. */
  async resize(size: { readonly rows: number; readonly columns: number }): Promise<void> {
    const { calls, abilities } = this.#options;
    if (!abilities.processResize) throw new UnsupportedError("the server cannot resize a PTY");
    await calls.call(processMethods.resize, { processId: this.processId, ...size });
  }

  /** A notification of the server. */
  notified(event: SequencedEvent): void {
    if (this.#over) return;
    this.#deliver(this.#order.push(event));
    if (this.#order.hasHole && !this.#over)
      this.#holeTimer ??= setTimeout(() => this.#fillHole(), limits.holePatienceMs);
  }

  /** Asks for what was missed. Called after each resume; never rejects. */
  async catchUp(): Promise<void> {
    if (this.#catchingUp) {
      this.#catchUpAgain = true;
      // What is being waited for may have gone with its connection.
      this.#settled?.();
      return;
    }
    this.#catchingUp = true;
    try {
      do {
        this.#catchUpAgain = false;
        await this.#readUntilQuiet();
      } while (this.#catchUpAgain && !this.#over);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#catchingUp = false;
    }
  }

  /** The session is gone: the end of the process will never be known. */
  lose(reason: string): void {
    if (!this.#over) this.#deliver([{ kind: "lost", reason }]);
  }

  #fillHole(): void {
    this.#holeTimer = undefined;
    if (this.#order.hasHole && !this.#over) void this.catchUp();
  }

  async #readUntilQuiet(): Promise<void> {
    while (!this.#over) {
      const before = this.#order.last;
      const answer = await this.#read();
      this.#deliver(this.#order.merge(answer));
      if (this.#over) return;
      const { last } = this.#order;
      if (this.#order.hasHole) {
        // What a server has counted and does not tell it is not asked for without a pause.
        if (last === before) await this.#settle();
        continue;
      }
      if (answer.chunks.length === 0) return;
      await this.#settle();
      // Our server pushes the rest of a backlog by itself; then there is nothing to ask for.
      if (this.#order.last > last || this.#over || this.#catchUpAgain) return;
    }
  }

  async #settle(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, limits.catchUpSettleMs);
    this.#settled = resolve;
    await promise;
    this.#settled = undefined;
    clearTimeout(timer);
  }

  #read(): Promise<ReadAnswer> {
    const params = { processId: this.processId, afterSeq: this.#order.ask(), maxBytes: null, waitMs: 0 };
    return this.#options.calls.call(processMethods.read, params);
  }

  #failed(error: unknown): void {
    if (error instanceof LinkLostError) return;
    const reason = error instanceof Error ? error.message : String(error);
    this.lose(error instanceof RpcError ? `the server has forgotten it: ${reason}` : reason);
  }

  #deliver(events: readonly ProcessEvent[]): void {
    if (events.length === 0) return;
    const last = events.at(-1);
    this.#over ||= last?.kind === "closed" || last?.kind === "lost";
    if (this.#over) {
      this.stdin.processEnded();
      this.#ended.resolve();
    }
    this.#delivery.deliver(events);
  }
}
