import { limits } from "../limits.ts";
import { BatchedOutput } from "./batched-output.ts";
import { Delivery, type EventSink } from "./log/delivery.ts";
import { looksDenied } from "./log/looks-denied.ts";
import type { MemoryBudget } from "./log/memory-budget.ts";
import { OutputLog } from "./log/output-log.ts";
import type { SessionRetention } from "./log/session-retention.ts";
import { ProcessInput } from "./process-input.ts";
import type { SpawnedProcess } from "./spawned-process.ts";

/** Read this much of one stream, then let others have the event loop: a read that never waits would starve them. */
const BYTES_BETWEEN_YIELDS = 64 * 1024;

const NO_OUTPUTS: readonly BatchedOutput[] = [];

/**
 * One process of a session: reads its streams into its log as fast as whoever listens allows, reports its exit when it
 * happens, and closes when it has exited, every stream has ended, and nothing stands in its workspace that is ours.
 */
export class ManagedProcess {
  readonly processId: string;
  readonly tty: boolean;
  readonly pid: number;
  readonly log: OutputLog;
  readonly delivery: Delivery;
  readonly input: ProcessInput | undefined;
  /** Resolves once `closed` is in the log. */
  readonly closed: Promise<void>;
  readonly #budget: MemoryBudget;
  readonly #retention: SessionRetention;
  /** Let go once it is closed: of thousands that stay readable for a while only what they said is kept. */
  #spawned: SpawnedProcess | undefined;
  #outputs: readonly BatchedOutput[];
  #roomWaiters: (() => void)[] = [];
  readonly #sandboxed: boolean;
  #denied = false;
  #abandoned = false;
  #terminated = false;

  constructor(spawned: SpawnedProcess, options: ManagedProcessOptions) {
    this.processId = options.processId;
    this.tty = options.tty;
    this.pid = spawned.pid;
    this.#spawned = spawned;
    this.#budget = options.budget;
    this.#retention = options.retention;
    this.#sandboxed = options.sandboxed ?? false;
    this.log = new OutputLog(options.budget);
    this.delivery = new Delivery(this.log);
    this.input = spawned.input === undefined ? undefined : new ProcessInput(spawned.input);
    this.#outputs = spawned.outputs.map((source) => new BatchedOutput(source));
    this.closed = this.#run(spawned);
  }

  /** It ended badly and what it said looks as if the sandbox was why. False while it runs. */
  get sandboxDenied(): boolean {
    return this.#denied;
  }

  get running(): boolean {
    return this.log.exit === undefined;
  }

  attach(sink: EventSink): void {
    this.delivery.attach(sink);
    this.progressed();
  }

  resume(sink: EventSink): void {
    this.delivery.resume(sink);
    this.progressed();
  }

  detach(): void {
    this.delivery.detach();
    this.progressed();
  }

  /** Events were handed over, or the listener changed: trims what is retained and lets the streams go on. */
  progressed(): void {
    if (!this.#abandoned) this.#retention.update(this.delivery);
    if (this.#roomWaiters.length === 0) return;
    if (!this.#hasRoom()) return this.#awaitRelease();
    const waiters = this.#roomWaiters;
    this.#roomWaiters = [];
    for (const waiter of waiters) waiter();
  }

  signal(signalNumber: number): void {
    this.#spawned?.signal(signalNumber);
  }

  /** New size of its terminal; nothing happens where it has none any more. */
  resize(size: { readonly rows: number; readonly columns: number }): void {
    this.#spawned?.resize?.(size);
  }

  /** Ends the whole tree of a process that is not closed yet. True if its leader was running. */
  terminate(): boolean {
    const running = this.running;
    if (this.log.closed) return false;
    this.killTree();
    return running;
  }

  /** Ends the whole tree. What a closed command left behind is its table's to end. */
  killTree(): void {
    const spawned = this.#spawned;
    if (spawned === undefined) return;
    spawned.killTree();
    if (this.#terminated) return;
    this.#terminated = true;
    this.input?.close("terminated");
    void this.#closeStreamsAfterTree(spawned.treeGone);
  }

  /** The owner forgets it: nobody will read its log again. */
  abandon(): void {
    this.#abandoned = true;
    for (const output of this.#outputs) output.source.close();
    this.input?.close("closed");
    this.delivery.detach();
    this.#retention.forget(this.delivery);
    this.log.clear();
    this.progressed();
  }

  async #run(spawned: SpawnedProcess): Promise<void> {
    const ended = Promise.all(this.#outputs.map((output) => this.#read(output)));
    const exit = spawned.exited.then(async (status) => {
      // What the leader said before it ended is there to be read within one turn, and comes before its exit.
      await Promise.race([ended, new Promise<void>((resume) => setImmediate(resume))]);
      if (this.#sandboxed && status.kind === "exited" && status.code !== 0) await this.#lastWords(ended);
      if (this.#abandoned) return;
      if (this.#sandboxed) this.#denied = looksDenied(this.log, status);
      this.log.appendExited(status);
      this.#offerLatest();
    });
    await Promise.all([exit, ended, spawned.tidied]);
    this.#spawned = undefined;
    this.#outputs = NO_OUTPUTS;
    if (this.#abandoned) return;
    this.input?.close("closed");
    this.log.appendClosed();
    this.#offerLatest();
  }

  /**
   * What the leader of a sandbox said is looked through when its exit is told, so what is there is read before: until
   * the streams have ended or nothing has come for two turns of the event loop, and not for ever.
   */
  async #lastWords(ended: Promise<unknown>): Promise<void> {
    let over = false;
    void ended.then(() => {
      over = true;
    });
    const deadline = performance.now() + limits.lastWordsOfProcessMs;
    let [quiet, before] = [0, -1];
    for (let turn = 0; quiet < 2 && !over && performance.now() < deadline; turn++) {
      // Whoever takes longer is held back by a listener.
      if (turn < 20) await new Promise<void>((resume) => setImmediate(resume));
      else await Bun.sleep(5);
      const reads = this.#outputs.reduce((sum, output) => sum + output.reads, 0);
      quiet = reads === before && this.#outputs.every((output) => output.waiting) ? quiet + 1 : 0;
      before = reads;
    }
  }

  async #read(output: BatchedOutput): Promise<void> {
    let sinceYield = 0;
    for (;;) {
      while (!this.#hasRoom()) await this.#room();
      const pieces = await output.read();
      if (pieces === null || this.#abandoned) break;
      const event = this.log.appendOutput(output.source.name, ...pieces);
      this.delivery.offer(event);
      this.#retention.update(this.delivery);
      sinceYield += event.bytes.length;
      if (sinceYield < BYTES_BETWEEN_YIELDS) continue;
      sinceYield = 0;
      await new Promise<void>((resume) => setImmediate(resume));
    }
    output.source.close();
  }

  #offerLatest(): void {
    const event = this.log.event(this.log.nextSeq - 1);
    if (event !== undefined) this.delivery.offer(event);
    this.progressed();
  }

  /** A child's output is read while its listener keeps up; with no listener while memory and disk take it. */
  #hasRoom(): boolean {
    if (this.#abandoned) return true;
    if (this.delivery.attached) return this.delivery.lag < limits.unsentOutputBytes;
    return this.delivery.lag < limits.spillProcessBytes && !this.#budget.exhausted;
  }

  #room(): Promise<void> {
    return new Promise((resolve) => {
      this.#roomWaiters.push(resolve);
      this.#awaitRelease();
    });
  }

  /** Whoever waits may wait for the budget, now or once the listener has gone. */
  #awaitRelease(): void {
    if (this.#budget.exhausted) this.#budget.onRelease(this);
  }

  /**
   * After the tree is gone every stream ends once it is read out. One that neither gives bytes nor ends is held by
   * somebody who is no process of ours (it was handed a descriptor) and is let go.
   */
  async #closeStreamsAfterTree(treeGone: Promise<void>): Promise<void> {
    await treeGone;
    const before = new Map<BatchedOutput, number>();
    const timer = setInterval(() => {
      for (const output of this.#outputs) {
        if (output.waiting && before.get(output) === output.reads) output.source.close();
        else before.set(output, output.reads);
      }
    }, limits.killedDrainMs);
    timer.unref();
    await this.closed;
    clearInterval(timer);
  }
}

export interface ManagedProcessOptions {
  readonly processId: string;
  readonly tty: boolean;
  /** Its request names a sandbox, be it one that restricts nothing. */
  readonly sandboxed?: boolean;
  readonly budget: MemoryBudget;
  readonly retention: SessionRetention;
}
