import { limits } from "../../limits.ts";
import { LinkLostError, type RemoteCalls } from "../../rpc/remote-calls.ts";
import type { ProcessBackend, ProcessSink, StartSpec } from "../process-backend.ts";
import type { InboundBudget } from "./inbound-budget.ts";
import { parseNotification } from "./process-event.ts";
import { type ProcessAbilities, RemoteProcess } from "./remote-process.ts";
import { startOnce } from "./start-once.ts";

/** A process that an earlier client of the session started. */
export interface AdoptedProcess {
  readonly processId: string;
  readonly tty: boolean;
  /** How far its events were taken by then; 0 is from the first that the server still has. */
  readonly after: number;
}

/** The processes of one session, as the client knows them. */
export class RemoteProcesses implements ProcessBackend {
  readonly #calls: RemoteCalls;
  readonly #budget: InboundBudget;
  readonly #abilities: () => ProcessAbilities;
  readonly #live = new Map<string, RemoteProcess>();
  /** Not answered yet: whether the server knows them is not to be taken from a read. */
  readonly #starting = new Set<RemoteProcess>();
  #ending = false;

  constructor(calls: RemoteCalls, budget: InboundBudget, abilities: () => ProcessAbilities) {
    this.#calls = calls;
    this.#budget = budget;
    this.#abilities = abilities;
  }

  /** Starts a command; its events go to `sink`. Rejects with RpcError where the server refuses, and LinkLostError. */
  async start(spec: StartSpec, sink: ProcessSink): Promise<RemoteProcess> {
    if (this.#ending) throw new LinkLostError("the client is closed");
    const abilities = this.#abilities();
    // Registered first: the reference may send an event before the answer.
    const process = this.#register({ processId: crypto.randomUUID(), tty: spec.stdio.kind === "pty" }, sink);
    this.#starting.add(process);
    try {
      const { cut } = await startOnce(this.#calls, startParams(process.processId, spec, abilities));
      if (cut) void process.catchUp();
      return process;
    } catch (error) {
      this.#live.delete(process.processId);
      throw error;
    } finally {
      this.#starting.delete(process);
    }
  }

  /**
   * Goes on with a process of a resumed session: its events after the number `after` go to `sink`. Where the server has
   * forgotten it that is told as `lost`.
   */
  adopt(known: AdoptedProcess, sink: ProcessSink): RemoteProcess {
    const process = this.#register(known, sink);
    void process.catchUp();
    return process;
  }

  /** Takes a notification if it is about a process. Throws ValiError when it is malformed. */
  notified(method: string, params: unknown): void {
    const notification = parseNotification(method, params);
    if (notification !== undefined) this.#live.get(notification.processId)?.notified(notification.event);
  }

  /** After a resume: fetches what each live process did in the meantime. */
  catchUp(): void {
    for (const process of this.#live.values()) {
      if (!this.#starting.has(process)) void process.catchUp();
    }
  }

  /**
   * Ends every tree, that of a command which is being started as well: the server ends it once it has started. Nothing is
   * started any more. Resolves when all have ended, or when that takes too long; never rejects.
   */
  async endAll(): Promise<void> {
    this.#ending = true;
    if (this.#live.size === 0) return;
    const ends = [...this.#live.values()].map(async (process) => {
      if (await process.terminate()) await process.ended;
    });
    const late = Promise.withResolvers<void>();
    const deadline = setTimeout(late.resolve, limits.environmentEndMs);
    await Promise.race([Promise.allSettled(ends), late.promise]);
    clearTimeout(deadline);
  }

  /** The session is gone. */
  lose(reason: string): void {
    for (const process of [...this.#live.values()]) process.lose(reason);
  }

  #register(
    known: Omit<AdoptedProcess, "after"> & { readonly after?: number },
    sink: ProcessSink,
  ): RemoteProcess {
    const process = new RemoteProcess({
      ...known,
      sink: (event) => {
        if (event.kind === "closed" || event.kind === "lost") this.#live.delete(process.processId);
        return sink(event);
      },
      calls: this.#calls,
      budget: this.#budget,
      abilities: this.#abilities(),
    });
    this.#live.set(process.processId, process);
    return process;
  }
}

function startParams(processId: string, spec: StartSpec, abilities: ProcessAbilities) {
  const { stdio } = spec;
  const size =
    stdio.kind === "pty" && abilities.processPtySize
      ? { rows: stdio.rows, columns: stdio.columns }
      : undefined;
  return {
    processId,
    argv: spec.argv,
    cwd: spec.cwd,
    envPolicy: { inherit: spec.inherit, ignoreDefaultExcludes: true, exclude: [], set: {}, includeOnly: [] },
    env: spec.env,
    tty: stdio.kind === "pty",
    pipeStdin: stdio.kind === "pipes" && stdio.stdin,
    ...(spec.arg0 === undefined ? {} : { arg0: spec.arg0 }),
    ...(size === undefined ? {} : { ptySize: size }),
  };
}
