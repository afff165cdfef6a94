import { expect } from "bun:test";
import type { EventSink } from "../../../core/process/log/delivery.ts";
import { MemoryBudget } from "../../../core/process/log/memory-budget.ts";
import { SpillStore } from "../../../core/process/log/spill-store.ts";
import type { ManagedProcess } from "../../../core/process/managed-process.ts";
import type { Attachment, Session } from "../../../core/session/session.ts";
import { SessionRegistry } from "../../../core/session/session-registry.ts";
import { type HeldProcess, HeldSpawner } from "../process/held-process.ts";
import { KeptSink } from "../process/kept-sink.ts";

export const ttlSeconds = 60;

/** A connection that keeps what it is sent, a sink a process. */
export class HeldAttachment implements Attachment {
  readonly sinks = new Map<string, KeptSink>();
  sinkFor(process: ManagedProcess): EventSink {
    const sink = new KeptSink();
    this.sinks.set(process.processId, sink);
    return sink;
  }
}

/** What a process should be, said in the shortest way. */
export interface ModelProcess {
  state: "starting" | "running" | "closed";
  /** Events so far, and how many of them this attachment was sent. */
  events: number;
  sent: number;
  readonly askedAs: number;
  held: HeldProcess | undefined;
  answered: "no" | "yes" | "refused";
  /** Time for which it stays readable while somebody is there, ms. */
  leftMs: number;
}

export interface ModelSession {
  readonly real: Session;
  attachment: HeldAttachment | undefined;
  detachedAt: number;
  readonly processes: Map<string, ModelProcess>;
}

/** What should be there. Sessions that have ended stay, to be asked for in vain. */
export interface Model {
  now: number;
  readonly sessions: ModelSession[];
  readonly ended: Set<ModelSession>;
}

export interface Real {
  readonly spawner: HeldSpawner;
  readonly spill: SpillStore;
  readonly budget: MemoryBudget;
  readonly registry: SessionRegistry;
}

export function setUp(): { model: Model; real: Real } {
  const spawner = new HeldSpawner();
  const spill = new SpillStore();
  const budget = new MemoryBudget(spill);
  const registry = new SessionRegistry({ spawner, budget, ttlSeconds });
  return { model: { now: 0, sessions: [], ended: new Set() }, real: { spawner, spill, budget, registry } };
}

/** What time does to the model. Returns the sessions that have ended by it. */
export function expire(model: Model, ms: number): ModelSession[] {
  model.now += ms;
  const ended: ModelSession[] = [];
  for (const session of model.sessions) {
    if (model.ended.has(session)) continue;
    // Nobody has seen the end of a process while nobody was there.
    for (const [id, process] of session.attachment === undefined ? [] : session.processes) {
      if (process.state !== "closed") continue;
      process.leftMs -= ms;
      if (process.leftMs <= 0) session.processes.delete(id);
    }
    if (session.attachment === undefined && model.now - session.detachedAt >= ttlSeconds * 1000) {
      model.ended.add(session);
      ended.push(session);
    }
  }
  return ended;
}

/** Holds what is there against what should be. */
export function compare(model: Model, real: Real): void {
  const living = model.sessions.filter((session) => !model.ended.has(session));
  expect(real.registry.size).toBe(living.length);
  for (const session of living) {
    const wanted = [...session.processes].filter(([, process]) => process.state !== "starting");
    expect([...session.real.processes.processes()].map((process) => process.processId).sort()).toEqual(
      wanted.map(([id]) => id).sort(),
    );
    for (const [id, process] of wanted) {
      const found = session.real.processes.find(id);
      if (found === undefined || found instanceof Promise) throw new Error(`${id} should have started`);
      expect([found.log.nextSeq - 1, found.log.closed, found.log.firstSeq]).toEqual([
        process.events,
        process.state === "closed",
        1,
      ]);
      const seqs = session.attachment?.sinks.get(id)?.seqs ?? [];
      const first = process.events - process.sent + 1;
      expect(seqs).toEqual(Array.from({ length: process.sent }, (_, index) => first + index));
    }
  }
  for (const session of model.ended) {
    for (const process of session.processes.values()) {
      if (process.held !== undefined) expect(process.held.killed || process.state === "closed").toBe(true);
    }
    expect([...session.real.processes.processes()]).toEqual([]);
  }
}
