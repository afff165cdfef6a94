import { ErrorCode, RpcError } from "../protocol/rpc-error.ts";
import type { EventSink } from "./log/delivery.ts";
import type { MemoryBudget } from "./log/memory-budget.ts";
import { SessionRetention } from "./log/session-retention.ts";
import { ManagedProcess } from "./managed-process.ts";
import { Retirement } from "./retirement.ts";
import type { SpawnedProcess, Spawner, SpawnPlan } from "./spawned-process.ts";

type Slot =
  | { readonly state: "starting"; readonly started: Promise<ManagedProcess> }
  | { readonly state: "started"; readonly process: ManagedProcess };

/** What a table shares with the other tables of its server. */
export interface ProcessTableOptions {
  readonly spawner: Spawner;
  readonly budget: MemoryBudget;
}

/**
 * The processes of one session, by the ids its client chose. A closed process stays readable until its
 * {@link Retirement}; what it left running stays tracked until it ends or the session does.
 */
export class ProcessTable {
  readonly #options: ProcessTableOptions;
  readonly #retention = new SessionRetention();
  readonly #slots = new Map<string, Slot>();
  readonly #trees = new Set<SpawnedProcess>();
  readonly #retirement = new Retirement((process) => {
    this.#slots.delete(process.processId);
    process.abandon();
  });
  #sinkFor: ((process: ManagedProcess) => EventSink) | undefined;
  #ended = false;

  constructor(options: ProcessTableOptions) {
    this.#options = options;
  }

  /**
   * Starts a process; a taken id is refused, a failed start frees it. `announce` answers the request: events are
   * delivered only after it.
   */
  async start(request: StartRequest, announce: (process: ManagedProcess) => void): Promise<void> {
    const { processId } = request;
    if (this.#ended) {
      throw new RpcError(ErrorCode.invalidRequest, "the session has ended; nothing was started");
    }
    if (this.#slots.has(processId)) {
      throw new RpcError(ErrorCode.invalidRequest, `process ${processId} already exists`);
    }
    const started = this.#spawn(request);
    this.#slots.set(processId, { state: "starting", started });
    started.catch(() => this.#slots.delete(processId));
    const process = await started;
    this.#slots.set(processId, { state: "started", process });
    void process.closed.then(() => this.#retirement.add(process));
    if (this.#ended) process.killTree();
    announce(process);
    if (this.#sinkFor !== undefined) process.attach(this.#sinkFor(process));
  }

  /** The process of that id, at once or when its start has ended; undefined when there is none. */
  find(processId: string): ManagedProcess | undefined | Promise<ManagedProcess | undefined> {
    const slot = this.#slots.get(processId);
    if (slot === undefined) return undefined;
    if (slot.state === "started") return slot.process;
    return slot.started.catch(() => undefined);
  }

  /** It knows no process, and nothing that one left running. */
  get isEmpty(): boolean {
    return this.#slots.size === 0 && this.#trees.size === 0;
  }

  *processes(): Generator<ManagedProcess> {
    for (const slot of this.#slots.values()) if (slot.state === "started") yield slot.process;
  }

  /** A connection listens from now on. `resumed`: it asks for what it misses itself. */
  attach(sinkFor: (process: ManagedProcess) => EventSink, resumed: boolean): void {
    this.#sinkFor = sinkFor;
    for (const process of this.processes()) {
      if (resumed) process.resume(sinkFor(process));
      else process.attach(sinkFor(process));
    }
    this.#retirement.resume();
  }

  detach(): void {
    this.#sinkFor = undefined;
    this.#retirement.pause();
    for (const process of this.processes()) process.detach();
  }

  /** Kills every tree, that of a process which is starting as soon as it has; resolves when all are gone. */
  async killAll(): Promise<void> {
    this.#ended = true;
    for (const process of this.processes()) process.killTree();
    for (const tree of this.#trees) tree.killTree();
    await Promise.allSettled(this.#starting());
    await Promise.all([...this.#trees].map((tree) => tree.treeGone));
  }

  /** Resolves when every process that was started has its `closed` in the log. */
  async allClosed(): Promise<void> {
    await Promise.all([...this.processes()].map((process) => process.closed));
  }

  /** Forgets everything; nothing of it is readable any more. */
  clear(): void {
    this.#retirement.pause();
    for (const process of this.processes()) process.abandon();
    this.#slots.clear();
  }

  *#starting(): Generator<Promise<ManagedProcess>> {
    for (const slot of this.#slots.values()) if (slot.state === "starting") yield slot.started;
  }

  async #spawn(request: StartRequest): Promise<ManagedProcess> {
    const plan = request.prepare === undefined ? request.plan : await request.prepare();
    const spawned = await this.#options.spawner.spawn(plan);
    this.#trees.add(spawned);
    void spawned.treeGone.then(() => this.#trees.delete(spawned));
    return new ManagedProcess(spawned, {
      processId: request.processId,
      tty: request.plan.stdio.kind === "pty",
      sandboxed: request.sandboxed ?? false,
      budget: this.#options.budget,
      retention: this.#retention,
    });
  }
}

export interface StartRequest {
  readonly processId: string;
  readonly plan: SpawnPlan;
  /** The request names a sandbox, be it one that restricts nothing. */
  readonly sandboxed?: boolean;
  /** Makes the plan anew, with what takes a while; the id is taken meanwhile. */
  readonly prepare?: () => Promise<SpawnPlan>;
}
